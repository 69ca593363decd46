import { measureClearText } from './data-clear-text.ts';
import { measureInvoices } from './data-invoices.ts';
import { withData } from './data-lab.ts';
import { measureRetention } from './data-retention.ts';

// Stores with synthetic invoices of 40 months: what a scan costs the server and us. Usage: npm run benchmark:data [rows]

const rows = Number(process.argv[2] ?? 10_000_000);
await withData(rows, async (lab) => {
  await measureRetention(lab);
  await measureClearText(lab);
  await measureInvoices(lab);
});
