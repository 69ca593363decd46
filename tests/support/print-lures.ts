import { withChromium } from '../../src/reporters/pdf/chromium.ts';
import { closedGate } from '../reporters/gate.ts';

// Run as a program of its own, in a network of a test's choosing: prints a page that asks for everything a page can ask for from
// the address in its argument.

const [, , address = ''] = process.argv;
const url = `http://${address}`;
const name = 'http://lqpt.chinatax.gov.cn';

const page = `<!doctype html><html><head><title>x</title>
<base href="${url}/">
<meta http-equiv="refresh" content="1; url=${url}/refresh">
<link rel="dns-prefetch" href="//lqpt.chinatax.gov.cn"><link rel="preconnect" href="${url}"><link rel="preconnect" href="${name}">
<link rel="prefetch" href="${url}/prefetch"><link rel="prerender" href="${url}/prerender"><link rel="preload" as="image" href="${url}/preload">
<link rel="modulepreload" href="${url}/module"><link rel="stylesheet" href="${url}/style"><link rel="icon" href="${url}/icon"><link rel="manifest" href="${url}/manifest">
<script type="speculationrules">{"prefetch":[{"urls":["${url}/speculated"]}]}</script>
<style>@import url(${url}/import); @font-face { font-family: x; src: url(${url}/font) } body { font-family: x; background: url(${name}/background) }</style>
</head><body>text<img src="${url}/image" srcset="${name}/set 2x"><iframe src="${url}/frame"></iframe><object data="${url}/object"></object><embed src="${url}/embed">
<video src="${url}/video" poster="${url}/poster" autoplay></video><audio src="${url}/audio"></audio><svg><image href="${url}/svg"/><use href="${url}/use#x"/></svg>
<a href="${url}/ping" ping="${url}/pinged">x</a><form action="${url}/form"><input type="image" src="${url}/input"></form>
<script src="${url}/script"></script><script>fetch('${url}/fetched'); new WebSocket('ws://${address}/socket'); new RTCPeerConnection({ iceServers: [{ urls: 'stun:${address}' }] }).createOffer()</script>
</body></html>`;

const { result, notes } = await withChromium({ gate: closedGate() }, async (print) => [
  await print(page),
  await print(page),
]);
if (result.some((bytes) => bytes.length === 0)) throw new Error('nothing was printed');
process.stdout.write(`printed ${notes.length > 0 ? 'without' : 'in a'} sandbox\n`);
