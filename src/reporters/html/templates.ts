import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { packageRoot } from '../../package-root.ts';

/** The page, and its style sheet alone. */
export type Templates = {
  readonly report: (page: object) => string;
  /** Two assessments compared. */
  readonly comparison: (page: object) => string;
  readonly style: (page: object) => string;
  /** The report's script, and the part of it that a page without filters has. */
  readonly script: string;
  readonly themeScript: string;
};

const folder = join(packageRoot, 'report-templates');

/** The parts of the page's script: one module, in this order. */
const scripts = ['script-theme.js', 'script-rows.js', 'script-filter.js', 'script-places.js', 'script-start.js'];

let loaded: Templates | undefined;

/** The package's templates, compiled once. Values are escaped everywhere; an unknown name throws. */
export function loadTemplates(): Templates {
  loaded ??= compileAll();
  return loaded;
}

function compileAll(): Templates {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('cssText', (text: unknown) => cssText(String(text)));
  for (const file of readdirSync(folder).filter((name) => /\.(hbs|css)$/.test(name))) {
    handlebars.registerPartial(file.replace(/\.(hbs|css)$/, ''), sourceOf(file));
  }
  const [theme = '', ...others] = scripts.map(withoutImports);
  const script = [theme, ...others].join('\n');
  // Not templates: braces mean what they mean in JavaScript.
  handlebars.registerPartial('script', () => script);
  handlebars.registerPartial('script-theme', () => theme);
  const compile = (source: string): ((page: object) => string) =>
    handlebars.compile(source, { strict: true, knownHelpersOnly: true, knownHelpers: { cssText: true } });
  return {
    report: compile('{{> report}}\n'),
    comparison: compile('{{> comparison}}\n'),
    style: compile('{{> style}}'),
    script,
    themeScript: theme,
  };
}

// The parts are modules to the tools that check them, and one module in the page, which may load none.
function withoutImports(file: string): string {
  return sourceOf(file).replace(/^import [^;]*;\n+|^export /gm, '');
}

function sourceOf(file: string): string {
  return readFileSync(join(folder, file), 'utf8').trimEnd();
}

// Every character but letters and digits as a CSS escape, so that no text can end the string, the style sheet or its element.
function cssText(text: string): string {
  return text.replace(/[^0-9A-Za-z]/gu, (character) => `\\${character.codePointAt(0)?.toString(16)} `);
}
