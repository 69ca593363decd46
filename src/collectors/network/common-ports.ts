/**
 * Ports that are looked at one by one: before a full scan, and in its place where nmap is missing. Web; administration; databases;
 * middleware and consoles. Those that traps are set on come last, for some defences shut out whoever touches them.
 */
export const commonPorts: readonly number[] = [
  ...[443, 80, 8443, 8080, 81, 8000, 8081, 8088, 8888, 9000, 9001, 9090, 9443],
  ...[22, 2222, 3389, 5900, 5901, 5985, 5986, 10050, 10250, 2375, 2376, 6443],
  ...[3306, 33060, 5432, 1521, 1433, 5236, 54321, 2881, 2883, 5258, 9088, 2003, 4000, 9030, 8123, 6030, 50000],
  ...[6379, 27017, 11211, 9042, 5984, 9200, 9300, 2181, 2379, 2380],
  ...[8848, 9848, 9092, 9876, 10911, 20880, 22222, 5672, 15672, 61616, 8161, 1883, 4369, 8719, 9999],
  ...[7001, 7002, 4848, 8009, 1099, 5601, 3000, 5000, 50070, 9870, 3128, 1080, 5866],
  ...[21, 25, 53, 389, 636, 873, 2049, 512, 513, 514, 111, 135, 139, 445, 23],
];
