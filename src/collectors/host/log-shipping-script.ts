import { showFunctions } from './config-files.ts';

/**
 * Programs that send logs elsewhere and whose configuration is not read, by the name of their process (proc_pid_comm(5), 15 characters): of Alibaba, Tencent
 * and Huawei clouds, OpenTelemetry, NXLog, Splunk.
 */
export const otherShippers = [
  ...['ilogtail', 'loongcollector', 'loglistener', 'loglistenerm', 'icagent', 'otelcol', 'otelcol-contrib', 'nxlog'],
  ...['splunkd', 'logstash'],
];

/** Shows what sends logs elsewhere, with what may be a password masked, and which of these programs run. */
export const shippingScript = `${showFunctions}
for p in /proc/[0-9]*; do
  read -r name <"$p/comm" && case $name in rsyslogd|syslog-ng|filebeat|fluent-bit|fluentd|td-agent|ruby|vector|promtail|alloy|${otherShippers.join('|')}) echo "running $name" ;; java) grep -q 'org[./]logstash' "$p/cmdline" && echo 'running logstash' ;; esac
done 2>/dev/null | sort -u
for f in /etc/systemd/system/*.wants/systemd-journal-upload.service; do [ -e "$f" ] && echo 'running systemd-journal-upload'; done
[ -e /proc/1/comm ] && echo looked
{
  show /etc/rsyslog.conf; show_folder /etc/rsyslog.d
  show /etc/syslog-ng/syslog-ng.conf; show_folder /etc/syslog-ng/conf.d
  show /etc/systemd/journal-upload.conf /etc/systemd/journal-upload.conf.d/*.conf
  show /etc/filebeat/filebeat.yml /etc/filebeat/inputs.d/*.yml /opt/filebeat/filebeat.yml /usr/local/filebeat/filebeat.yml
  show /etc/fluent-bit/*.conf /etc/fluent-bit/*.yaml /etc/td-agent-bit/*.conf /opt/fluent-bit/etc/*.conf
  show /etc/fluent/fluentd.conf /etc/fluentd/*.conf /etc/td-agent/td-agent.conf
  show /etc/vector/*.yaml /etc/vector/*.toml
  show /etc/promtail/*.yml /etc/promtail/*.yaml /etc/promtail-local-config.yaml
} | sed -E 's#://[^/@"[:space:]]*@#://#g; s#((passw|passphrase|pwd|secret|token|credential|(api|access|shared|private).?key|authorization"?[[:space:]:=]+"?[a-z]+)[a-z_.-]*"?[[:space:]:=]*)("[^"]*"|'\\''[^'\\'']*'\\''|"?[^",;)[:space:]]+)#\\1***#Ig'
echo done`;
