-- MariaDB：建立 leqi-audit 的只读账号。以管理员身份执行：mariadb < mariadb.sql
-- MariaDB: the read-only account of leqi-audit. Run as an administrator: mariadb < mariadb.sql
--
-- 执行前改：口令、来源地址 10.0.0.%（采集机所在网段）、库名 trade、各表名（与平台文件一致）。
-- Change before running: the password, 10.0.0.% (where the scanner is), the database trade, the tables (as in the platform file).

CREATE USER leqi_audit@'10.0.0.%' IDENTIFIED BY 'CHANGE-ME' REQUIRE SSL WITH MAX_USER_CONNECTIONS 2;

-- 只读声明的表（统计记录数；不取出任何值）。
-- Reads the declared tables only: rows are counted, no value leaves the server.
GRANT SELECT ON trade.transactions TO leqi_audit@'10.0.0.%';
GRANT SELECT ON trade.invoices TO leqi_audit@'10.0.0.%';

-- 存储加密：InnoDB 表空间的加密状态（INNODB_TABLESPACES_ENCRYPTION、INNODB_SYS_TABLES）要求 PROCESS。
-- Encryption at rest: how InnoDB encrypts its table spaces asks for PROCESS.
GRANT PROCESS ON *.* TO leqi_audit@'10.0.0.%';

-- 传输加密：现有会话（服务器须以 performance_schema=ON 启动，否则看不到）。
-- Encryption in transit: sessions (only where the server runs with performance_schema=ON).
GRANT SELECT ON performance_schema.threads TO leqi_audit@'10.0.0.%';

-- 传输加密、更改权限：账号及其权限。mysql.user 按列授予：不含任何口令列。
-- In transit, and rights to change data: accounts and what they may do. Of mysql.user single columns, none of which holds a password.
GRANT SELECT (Host, User, ssl_type, is_role, plugin, Insert_priv, Update_priv, Delete_priv, Drop_priv, Alter_priv, Trigger_priv,
              Execute_priv, Super_priv, Create_user_priv) ON mysql.user TO leqi_audit@'10.0.0.%';
GRANT SELECT ON mysql.db TO leqi_audit@'10.0.0.%';
GRANT SELECT ON mysql.tables_priv TO leqi_audit@'10.0.0.%';
GRANT SELECT ON mysql.columns_priv TO leqi_audit@'10.0.0.%';
GRANT SELECT ON mysql.procs_priv TO leqi_audit@'10.0.0.%';
GRANT SELECT ON mysql.proxies_priv TO leqi_audit@'10.0.0.%';
GRANT SELECT ON mysql.roles_mapping TO leqi_audit@'10.0.0.%';

-- 更改权限：经视图、经级联外键也能更改数据；没有这项权限，视图和外键不会显示（只显示定义者和名称，不含其数据）。
-- Rights to change data: by views and by keys that cascade, too, which are hidden without this right (it shows names and definers, no row).
GRANT SHOW VIEW ON *.* TO leqi_audit@'10.0.0.%';

-- 留存：会删除记录的定时任务和存储过程的内容。
-- Retention: the text of events and routines, which may delete.
GRANT SELECT ON mysql.event TO leqi_audit@'10.0.0.%';
GRANT SELECT ON mysql.proc TO leqi_audit@'10.0.0.%';
-- 触发器只对有 TRIGGER 权限的账号可见，而该权限也可以建立触发器，故默认不授予：数据留存因此待确认。愿意授予的，去掉下一行的注释；采集会话本身只读，不能建立触发器；并在平台文件的 writers 中申报该账号。
-- Triggers are shown only to accounts with the right TRIGGER, which could make them, too; without it retention stays unproven. To grant it,
-- uncomment the next line, and declare the account among the store's writers; the session of the scan is read-only and cannot make any.
-- GRANT TRIGGER ON *.* TO leqi_audit@'10.0.0.%';
