// What servers ask for the password of an account by: pam_unix, pam_ldap, pam_sss, OpenSSH's own and Chinese translations of these.
const forPassword = [
  /^(?:\S+'s |(?:please )?(?:enter )?(?:your )?(?:login |unix |ldap |local |system |account )?)?password(?: for \S+)?$/,
  /^(?:请输入)?(?:您的)?(?:(?:登录|登陆|系统|账号|账户|帐号|帐户|用户)的?)?(?:密码|口令)$/,
];

/**
 * Whether a prompt of keyboard-interactive asks for the account's password and for nothing else. A one-time code, a second factor or a new
 * password must never be answered with it: it would be sent to whatever checks codes, count as a failed try, or change the password.
 */
export function asksForPassword(prompt: string): boolean {
  const words = prompt
    .slice(0, 200)
    .replace(/[\s:：>]+$/, '')
    .replace(/^\([^()@]*@[^()@]*\)\s*/, '')
    .trim()
    .toLowerCase();
  return forPassword.some((form) => form.test(words));
}
