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
};

const folder = join(packageRoot, 'report-templates');

let loaded: Templates | undefined;

/** The package's templates, compiled once. Values are escaped everywhere; an unknown name throws. */
export function loadTemplates(): Templates {
  loaded ??= compileAll();
  return loaded;
}

function compileAll(): Templates {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('cssText', (text: unknown) => cssText(String(text)));
  for (const file of readdirSync(folder)) {
    const source = readFileSync(join(folder, file), 'utf8');
    handlebars.registerPartial(file.replace(/\.(hbs|css)$/, ''), source.trimEnd());
  }
  const compile = (source: string): ((page: object) => string) =>
    handlebars.compile(source, { strict: true, knownHelpersOnly: true, knownHelpers: { cssText: true } });
  return {
    report: compile('{{> report}}\n'),
    comparison: compile('{{> comparison}}\n'),
    style: compile('{{> style}}'),
  };
}

// Every character but letters and digits as a CSS escape, so that no text can end the string, the style sheet or its element.
function cssText(text: string): string {
  return text.replace(/[^0-9A-Za-z]/gu, (character) => `\\${character.codePointAt(0)?.toString(16)} `);
}
