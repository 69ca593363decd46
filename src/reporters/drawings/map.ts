import type { Place, PlacePort, PortMap } from '../../assessment/exhibits/map.ts';
import type { Frame } from '../html/frame.ts';
import { shown } from '../show.ts';
import { type Drawing, drawingWidth, fitted, type Label, type Line, type Rect, rounded, widthOf } from './drawing.ts';
import { drawingTexts } from './words.ts';

const labelWidth = 176;
const boxHeight = 30;
const rowGap = 10;
const boxGap = 6;
const boxPadding = 6;

/** Addresses that a reader takes in at once, and how high the picture may be: it shares its page with its caption. */
const mostPlaces = 16;
const mostHeight = 640;
const smallLetters = 9;

/** Each address with its hosts, and its ports as boxes: declared and open, declared and not found open, open and not declared. */
export function mapDrawing(frame: Frame, { places, more }: PortMap): Drawing[] {
  if (places.length === 0) return [];
  const { say } = frame;
  const rects: Rect[] = [];
  const lines: Line[] = [];
  const texts: Label[] = [];
  let y = 2;
  const drawn: Place[] = [];
  const zones = new Set(places.flatMap(({ scan }) => scan?.zone ?? []));
  for (const place of places.slice(0, mostPlaces)) {
    if (y > mostHeight) break;
    drawn.push(place);
    const top = y;
    let x = labelWidth;
    for (const box of boxesOf(frame, place)) {
      if (x > labelWidth && x + box.width > drawingWidth) {
        x = labelWidth;
        y += boxHeight + boxGap;
      }
      if (box.style) rects.push({ style: box.style, x: rounded(x), y, width: box.width, height: boxHeight });
      texts.push({
        style: box.style === 'is-stray' ? 'port stray-port' : 'port',
        x: rounded(x + boxPadding),
        y: y + 10,
        text: box.title,
      });
      texts.push({ style: 'port-service', x: rounded(x + boxPadding), y: y + 22, text: box.below });
      x += box.width + boxGap;
    }
    texts.push({ style: 'place', x: 0, y: top + 9, text: fitted(shown(place.address), labelWidth - 12) });
    texts.push({
      style: 'place-host',
      x: 0,
      y: top + 23,
      text: fitted(hostsOf(frame, place, zones.size > 1), labelWidth - 12, smallLetters),
    });
    y += boxHeight + rowGap;
    lines.push({ style: 'grid-line', x1: 0, y1: y - rowGap / 2, x2: drawingWidth, y2: y - rowGap / 2 });
  }
  const left = more + places.length - drawn.length;
  return [
    {
      title: say(drawingTexts.map),
      says: drawn.map((place) => says(frame, place)).join('; '),
      width: drawingWidth,
      height: y - rowGap + 4,
      rects,
      // Between places, not below the last.
      lines: lines.slice(0, -1),
      dots: [],
      texts,
      legend: [
        { style: 'is-filed', title: say(drawingTexts.filedAndOpen) },
        { style: 'is-silent', title: say(drawingTexts.filedNotOpen) },
        { style: 'is-stray', title: say(drawingTexts.openNotFiled) },
      ],
      notes: [...zonesOf(frame, drawn), ...(left > 0 ? [say(drawingTexts.morePlaces, { count: left })] : [])],
      cites: drawn.flatMap(({ cites }) => cites),
    },
  ];
}

type Box = { readonly style: string; readonly title: string; readonly below: string; readonly width: number };

function boxesOf(frame: Frame, { ports, morePorts, scan }: Place): Box[] {
  const { say } = frame;
  const boxes = ports.map((port) => boxOf(styleOf(port), String(port.port), belowOf(port)));
  if (morePorts) boxes.push(boxOf('', say(drawingTexts.morePorts, { count: morePorts }), ''));
  if (boxes.length === 0) boxes.push(boxOf('', say(scan ? drawingTexts.noPorts : drawingTexts.notScanned), ''));
  return boxes;
}

function boxOf(style: string, title: string, below: string): Box {
  const width = Math.max(widthOf(title), widthOf(below, smallLetters), 28) + 2 * boxPadding;
  return { style, title, below, width: rounded(width) };
}

function styleOf({ declared, state }: PlacePort): string {
  if (!declared) return 'is-stray';
  return state === 'open' ? 'is-filed' : 'is-silent';
}

function belowOf({ service = '', guessed, tls = [] }: PlacePort): string {
  const versions = tls
    .map((version) => version.replace('TLSv', '').replace('SSLv', 'SSL ').replace('TLCPv', 'TLCP '))
    .join('/');
  // What the port's number alone suggests is not known.
  const name = fitted(shown(service), 90, smallLetters) + (guessed ? '?' : '');
  return versions ? `${name} TLS ${versions}`.trim() : name;
}

function hostsOf({ say, language }: Frame, { hosts, scan }: Place, isOfMany: boolean): string {
  const names = hosts.length > 0 ? shown(hosts.join(language === 'zh' ? '、' : ', ')) : say(drawingTexts.noHost);
  if (!scan) return `${names} · ${say(drawingTexts.notScanned)}`;
  // From where, before the names: of these there may be many.
  return isOfMany ? `${shown(scan.zone)} · ${names}` : names;
}

function zonesOf({ say }: Frame, places: readonly Place[]): string[] {
  const zones = places.flatMap(({ scan }) =>
    scan ? [scan.loopback ? say(drawingTexts.overLoopback, { zone: scan.zone }) : scan.zone] : [],
  );
  const unique = [...new Set(zones)].toSorted();
  return unique.length > 0 ? [say(drawingTexts.scannedFrom, { zone: unique.join('、') })] : [];
}

function says({ say }: Frame, { address, ports, scan }: Place): string {
  const titles = {
    'is-filed': drawingTexts.filedAndOpen,
    'is-silent': drawingTexts.filedNotOpen,
    'is-stray': drawingTexts.openNotFiled,
  };
  const list = ports.map((port) => `${port.port} ${say(titles[styleOf(port) as keyof typeof titles])}`).join(', ');
  return say(drawingTexts.mapSays, { address: scan ? `${address} (${scan.zone})` : address, ports: list || '-' });
}
