import type { Text } from '../../src/text.ts';

/** What host/remote-login says. */
export const messages = {
  guarded: {
    zh: '未见被禁止的登录方式；SSH 服务已排除：{{kept}}（依据{{source}}）',
    en: 'no forbidden way to log in was found; the SSH service rules out: {{kept}} (by {{source}})',
  },
  noSsh: {
    zh: '没有 SSH 服务在运行或监听，也未见被禁止的登录方式',
    en: 'no SSH service runs or listens, and no forbidden way to log in was found',
  },
  rootLocked: {
    zh: 'SSH 设置允许 root 以口令登录，但用户标识为 0 的账号口令均已锁定，无法以口令登录',
    en: 'SSH lets root log in by password, but the passwords of all accounts with user id 0 are locked',
  },
  rootUnknown: {
    zh: 'SSH 设置允许 root 以口令登录（{{settings}}），root 是否设有口令未能取得',
    en: 'SSH lets root log in by password ({{settings}}); whether root has one was not seen',
  },
  broken: {
    zh: 'SSH 服务不符：{{demand}}（{{settings}}）',
    en: 'the SSH service falls short: {{demand}} ({{settings}})',
  },
  conditional: {
    zh: 'SSH 服务的 Match 条件段使部分连接的设置不同，无法判定：{{demand}}（{{settings}}）',
    en: 'Match blocks of the SSH service differ for some connections, so that this cannot be told: {{demand}} ({{settings}})',
  },
  unknown: {
    zh: '由所取得的设置无法判定：{{demand}}（{{settings}}）',
    en: 'the settings that were obtained do not tell: {{demand}} ({{settings}})',
  },
  older: {
    zh: 'SSH 配置文件晚于服务的启动或重新加载而变更（或时间无法确定），运行中的设置可能与文件不同',
    en: 'the files of the SSH service changed after it started or reloaded, or that could not be told: what it runs with may differ',
  },
  forbiddenService: {
    zh: '{{service}} 正在监听：{{at}}（{{program}}）',
    en: '{{service}} listens at {{at}} ({{program}})',
  },
  perhapsService: {
    zh: '端口 {{at}} 通常为 {{service}}，监听程序未能取得（{{program}}）',
    en: '{{at}} is commonly {{service}}; its program was not seen ({{program}})',
  },
  otherWay: {
    zh: 'SSH 之外还有登录入口 {{service}}：{{at}}（{{program}}），是否纳入统一的访问机制须另行说明',
    en: 'besides SSH there is {{service}} at {{at}} ({{program}}): whether it belongs to the one access mechanism has to be shown',
  },
  otherSsh: {
    zh: '{{at}} 的 SSH 服务（{{program}}）不是本工具可读取设置的 OpenSSH，或未找到监听程序，其登录设置无法判定',
    en: 'the SSH service at {{at}} ({{program}}) is not an OpenSSH whose settings can be read, or was not found: how it lets anybody in cannot be told',
  },
  unread: { zh: '以下内容未能完整读取：{{parts}}', en: 'these could not be read in full: {{parts}}' },
  noHost: { zh: '没有任何主机的远程登录证据', en: 'there is no evidence of remote login to any host' },
} as const satisfies Record<string, Text>;

/** What to do about it. */
export const remedies = {
  broken: {
    zh: '修改 sshd_config 相应设置并重新加载服务',
    en: 'change the settings in sshd_config and reload the service',
  },
  rootUnknown: {
    zh: '设置 PermitRootLogin prohibit-password 或 no 并重新加载服务',
    en: 'set PermitRootLogin to prohibit-password or no and reload the service',
  },
  conditional: {
    zh: '删除该 Match 条件段中的放宽设置，或者说明其适用范围',
    en: 'remove the looser settings from the Match block, or show whom they concern',
  },
  unknown: {
    zh: '以 root 采集，使 sshd -T 可以运行，或在配置文件中写明该设置',
    en: 'collect as root so that sshd -T can run, or write the setting into the file',
  },
  older: { zh: '重新加载 SSH 服务后重新采集', en: 'reload the SSH service and collect again' },
  forbiddenService: { zh: '停用并卸载该服务，改用 SSH', en: 'stop and remove the service; use SSH' },
  perhapsService: { zh: '以 root 采集，以取得监听程序', en: 'collect as root so that the program can be seen' },
  otherWay: { zh: '停用，或者限定只在本机监听', en: 'stop it, or let it listen on this machine only' },
  otherSsh: { zh: '停用该服务，或另行说明其登录设置', en: 'stop it, or show its settings apart' },
  unread: {
    zh: '以 root 采集，或在平台文件中允许 sudo；容器内的 SSH 服务另行检查',
    en: 'collect as root or allow sudo in the platform file; look at SSH services in containers apart',
  },
} as const satisfies Partial<Record<keyof typeof messages, Text>>;
