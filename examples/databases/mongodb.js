// MongoDB：建立 leqi-audit 的只读账号。以管理员身份执行：mongosh mongodb://10.0.0.8/admin -u 管理员 --file mongodb.js
// MongoDB: the read-only account of leqi-audit. Run as an administrator: mongosh mongodb://10.0.0.8/admin -u ADMIN --file mongodb.js
//
// 执行前改：口令、来源地址 10.0.0.0/24（采集机所在网段）、库名 trade、各集合名（与平台文件一致）。
// Change before running: the password, 10.0.0.0/24 (where the scanner is), the database trade, the collections (as in the platform file).

const admin = db.getSiblingDB('admin');

// 只读声明的集合：统计文档数、索引（TTL）、大小；不取出任何值。
// Reads the declared collections only: documents are counted, indexes (TTL) and sizes are looked at; no value leaves the server.
const reads = ['find', 'listIndexes', 'collStats'];

admin.createRole({
  role: 'leqiAudit',
  roles: [],
  privileges: [
    { resource: { db: 'trade', collection: 'transactions' }, actions: reads },
    { resource: { db: 'trade', collection: 'invoices' }, actions: reads },
    // 库内明文检查要看到全部集合的，以下一行代替以上两行。
    // To look for clear text in every collection, put this line in place of the two above.
    // { resource: { db: 'trade', collection: '' }, actions: reads },

    // 集合的种类和选项：视图、固定大小、时间序列、过期时间。
    // What collections are: views, capped, time series, times to live.
    { resource: { db: 'trade', collection: '' }, actions: ['listCollections'] },

    // 存储加密、传输加密：启动选项、net.tls.mode、存储引擎；副本集成员数。
    // Encryption at rest and in transit: start options, net.tls.mode, the storage engine; how many members the replica set has.
    { resource: { cluster: true }, actions: ['getCmdLineOpts', 'getParameter', 'serverStatus', 'replSetGetConfig'] },

    // 更改权限：账号名、角色及其权限；不含口令散列。
    // Rights to change data: names of accounts, their roles and what those may do; no password hash.
    { resource: { cluster: true }, actions: ['viewUser'] },
    { resource: { db: '', collection: '' }, actions: ['viewRole'] },
  ],
});

admin.createUser({
  user: 'leqi_audit',
  pwd: 'CHANGE-ME',
  roles: [{ role: 'leqiAudit', db: 'admin' }],
  mechanisms: ['SCRAM-SHA-256'],
  authenticationRestrictions: [{ clientSource: ['10.0.0.0/24'] }],
});
