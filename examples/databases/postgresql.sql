-- PostgreSQL：建立 leqi-audit 的只读账号。以管理员身份在平台文件 stores 所写的数据库中执行：psql -d 数据库 -f postgresql.sql
-- PostgreSQL: the read-only account of leqi-audit. Run as an administrator, in the database that the platform file names: psql -d DATABASE -f postgresql.sql
--
-- 执行前改：口令、数据库名 trade、模式 public、各表名（与平台文件一致）。
-- Change before running: the password, the database trade, the schema public, the tables (as in the platform file).

-- 只能登录和读取；会话默认只读。登录规则（pg_hba.conf）写 hostssl … scram-sha-256。
-- It logs in and reads, nothing else; its sessions are read-only. Its line in pg_hba.conf: hostssl … scram-sha-256.
CREATE ROLE leqi_audit LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 2 PASSWORD 'CHANGE-ME';
ALTER ROLE leqi_audit SET default_transaction_read_only = on;

-- 只读声明的表（留存、明文、发票等检查统计其中的记录数；不取出任何值）。分区表授予父表即可。
-- Reads the declared tables only: rows are counted, no value leaves the server. Of a partitioned table the parent is enough.
GRANT CONNECT ON DATABASE trade TO leqi_audit;
GRANT USAGE ON SCHEMA public TO leqi_audit;
GRANT SELECT ON TABLE public.transactions, public.invoices TO leqi_audit;

-- 传输加密：现有会话是否 TLS（pg_stat_ssl）。 Encryption in transit: which sessions use TLS.
GRANT pg_read_all_stats TO leqi_audit;
-- 仅管理员可见的设置。 Settings that only administrators see.
GRANT pg_read_all_settings TO leqi_audit;
-- 传输加密：访问规则。视图和它所用的函数都要授予。 The rules of access; the view and its function.
GRANT SELECT ON pg_catalog.pg_hba_file_rules TO leqi_audit;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_hba_file_rules() TO leqi_audit;

-- 更改权限：角色、授权、属主在系统目录中对所有账号可见，无须授权。
-- Rights to change data: roles, grants and owners are open to every account; nothing is granted for them.

-- 留存：装有 pg_cron 的，去掉以下两行的注释（该表的行级策略只让账号看到自己的任务，须由管理员为其增加 SELECT 策略）。
-- Retention: with pg_cron, uncomment these (its row policy shows an account its own jobs only: an administrator adds a policy FOR SELECT).
-- GRANT USAGE ON SCHEMA cron TO leqi_audit;
-- GRANT SELECT ON TABLE cron.job TO leqi_audit;
