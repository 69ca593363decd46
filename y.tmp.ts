import { withChromium } from './src/reporters/chromium.ts';
import { renderHtml } from './src/reporters/html.ts';
import { closedGate } from './tests/reporters/gate.ts';
import { assessmentFixture } from './tests/fixtures/assessment.ts';
const a = assessmentFixture((b) => { const e=b.index[0]!; const f=b.requirements[0]!.findings[0]!; for (let i=0;i<2000;i++){ b.index.push({...e, id:`E-${String(i).padStart(10,'0')}`, subject:`host-${i%200}`}); b.requirements[i%15+40]!.findings.push({...f, subject:`host-${i%200}`, cites:[`E-${String(i).padStart(10,'0')}`]}); } });
const h=renderHtml(a,'zh',{}).replace(/<meta http-equiv[^>]*>/,'');
const V: Record<string, (h: string)=>string> = { all: x=>x, noLinks: x=>x.replaceAll(/<a href="#e-\d+">/g,'<a>'), noAuto: x=>x.replace('text-autospace: normal;',''), noAvoid: x=>x.replaceAll('break-inside: avoid;',''), noTrAvoid: x=>x.replace('.grid tr {\n  break-inside: avoid;\n}',''), noFixed: x=>x.replaceAll('table-layout: fixed;',''), noRep: x=>x.replace('display: table-header-group','display: table-row-group'), noAny: x=>x.replace('overflow-wrap: anywhere;',''), noPages: x=>x.replace('counter(pages)','"x"'), noMargin: x=>x.replace(/@page \{[^]*?\n\}\n@page cover \{[^]*?\n\}\n/,'') , noCollapse: x=>x.replace('border-collapse: collapse;','')};
await withChromium({gate: closedGate()}, async (p)=>{ for (const [n,f] of Object.entries(V)) { const t=performance.now(); const y = await p(f(h),'draft'); console.log(n, performance.now()-t|0, y.length); } });
