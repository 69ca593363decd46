import { pdf } from './src/reporters/pdf.ts';
import { renderHtml } from './src/reporters/html.ts';
import { closedGate } from './tests/reporters/gate.ts';
import { assessmentFixture } from './tests/fixtures/assessment.ts';
let t=performance.now();
const a = assessmentFixture((b) => { const e=b.index[0]!; const f=b.requirements[0]!.findings[0]!; for (let i=0;i<4000;i++){ b.index.push({...e, id:`E-${String(i).padStart(10,'0')}`, subject:`host-${i%200}`}); b.requirements[i%15+40]!.findings.push({...f, subject:`host-${i%200}`, cites:[`E-${String(i).padStart(10,'0')}`]}); } });
console.log('fixture', performance.now()-t|0); t=performance.now();
renderHtml(a,'zh'); console.log('html', performance.now()-t|0); t=performance.now();
const r = await pdf.render(a,{language:'zh',gate:closedGate()}); console.log('pdf', performance.now()-t|0, r.bytes.length, process.memoryUsage().rss>>20); const {writeFileSync}=await import('node:fs'); writeFileSync('/tmp/rep/big.pdf', r.bytes);
