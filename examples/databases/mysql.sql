-- MySQL 8：建立 leqi-audit 的只读账号。以管理员身份执行：mysql < mysql.sql
-- MySQL 8: the read-only account of leqi-audit. Run as an administrator: mysql < mysql.sql
--
-- 执行前改：口令、来源地址 10.0.0.%（采集机所在网段）、库名 trade、各表名（与平台文件一致）。
-- Change before running: the password, 10.0.0.% (where the scanner is), the database trade, the tables (as in the platform file).

CREATE USER leqi_audit@'10.0.0.%' IDENTIFIED BY 'CHANGE-ME' REQUIRE SSL WITH MAX_USER_CONNECTIONS 2;

-- 只读声明的表（统计记录数；不取出任何值）。
-- Reads the declared tables only: rows are counted, no value leaves the server.
GRANT SELECT ON trade.transactions TO leqi_audit@'10.0.0.%';
GRANT SELECT ON trade.invoices TO leqi_audit@'10.0.0.%';

-- 存储加密：InnoDB 表空间的加密状态（INNODB_TABLESPACES）要求 PROCESS；密钥组件。
-- Encryption at rest: INNODB_TABLESPACES asks for PROCESS; components that hold keys.
GRANT PROCESS ON *.* TO leqi_audit@'10.0.0.%';
GRANT SELECT ON performance_schema.keyring_component_status TO leqi_audit@'10.0.0.%';
GRANT SELECT ON performance_schema.replication_connection_configuration TO leqi_audit@'10.0.0.%';

-- 传输加密：现有会话；require_secure_transport 自何时起有效。
-- Encryption in transit: sessions; since when require_secure_transport is in force.
GRANT SELECT ON performance_schema.threads TO leqi_audit@'10.0.0.%';
GRANT SELECT ON performance_schema.variables_info TO leqi_audit@'10.0.0.%';

-- 传输加密、更改权限：账号及其权限。mysql.user 按列授予：不含任何口令列。
-- In transit, and rights to change data: accounts and what they may do. Of mysql.user single columns, none of which holds a password.
GRANT SELECT (Host, User, ssl_type, account_locked, plugin, Insert_priv, Update_priv, Delete_priv, Drop_priv, Alter_priv, Trigger_priv,
              Execute_priv, Super_priv, Create_user_priv) ON mysql.user TO leqi_audit@'10.0.0.%';
GRANT SELECT ON mysql.db TO leqi_audit@'10.0.0.%';
GRANT SELECT ON mysql.tables_priv TO leqi_audit@'10.0.0.%';
GRANT SELECT ON mysql.columns_priv TO leqi_audit@'10.0.0.%';
GRANT SELECT ON mysql.procs_priv TO leqi_audit@'10.0.0.%';
GRANT SELECT ON mysql.proxies_priv TO leqi_audit@'10.0.0.%';
GRANT SELECT ON mysql.role_edges TO leqi_audit@'10.0.0.%';
GRANT SELECT ON mysql.global_grants TO leqi_audit@'10.0.0.%';
-- 8.0.20 起：查看存储程序的定义者，不含执行权限。 From 8.0.20 on: shows who defined routines, without running them.
GRANT SHOW_ROUTINE ON *.* TO leqi_audit@'10.0.0.%';

-- 更改权限：经视图、经级联外键也能更改数据；没有这项权限，视图和外键不会显示（只显示定义者和名称，不含其数据）。
-- Rights to change data: by views and by keys that cascade, too, which are hidden without this right (it shows names and definers, no row).
GRANT SHOW VIEW ON *.* TO leqi_audit@'10.0.0.%';

-- 留存：会删除记录的定时任务、存储过程和触发器，只对有 EVENT、TRIGGER 权限（及全局 SELECT）的账号可见，而前两种权限也可以建立它们，故默认不授予：数据留存因此待确认。
-- 愿意授予的，去掉下一行的注释；采集会话本身只读，不能建立任何对象；并在平台文件的 writers 中申报该账号。
-- Retention: events, routines and triggers, which may delete, are shown only to accounts with the rights EVENT and TRIGGER (and a global SELECT), which could make
-- them, too; without them retention stays unproven. To grant them, uncomment the next line, and declare the account among the store's writers; the session of the scan is read-only and cannot make any.
-- GRANT SELECT, EVENT, TRIGGER ON *.* TO leqi_audit@'10.0.0.%';
