import type { Blob } from 'node:buffer';
import type Stream from 'node:stream';
import type { Feature } from 'write-excel-file/node';
import type { Language } from '../../text.ts';
import { xmlText, xmlValue } from '../xml.ts';
import type { Sheet } from './sheets.ts';

/**
 * What the library leaves out of a workbook: filters, what may be entered, and how pages print (A4 across, heads repeated).
 * The order of elements is that of ECMA-376 part 1, 18.3.1.99 (worksheet) and 18.2.27 (workbook).
 */
export function workbookParts(sheets: readonly Sheet[], language: Language): Feature<Stream | Buffer | Blob> {
  return {
    files: {
      transform: {
        'xl/workbook.xml': { transform: (xml) => replaced(xml, '<definedNames/>', namesOf(sheets, language)) },
        'xl/worksheets/sheet{id}.xml': {
          transform: (xml, _, { sheetIndex }) => withParts(xml, sheets[sheetIndex], sheetIndex, language),
        },
      },
    },
  };
}

/** The address of a cell, counted from 0. */
function address(row: number, column: number): string {
  return columnName(column) + String(row + 1);
}

function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}

function namesOf(sheets: readonly Sheet[], language: Language): string {
  const names = sheets.flatMap((sheet, index) => {
    if (!sheet.isTable) return [];
    const name = `'${sheet.title[language]}'`;
    const range = (columns: number): string => `${name}!$A$1:$${columnName(columns - 1)}$${sheet.rows.length}`;
    const filter = range(sheet.widths.length);
    return [
      `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">${xmlText(filter)}</definedName>`,
      `<definedName name="_xlnm.Print_Area" localSheetId="${index}">${xmlText(range(sheet.printed))}</definedName>`,
      `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">${xmlText(`${name}!$1:$1`)}</definedName>`,
    ];
  });
  return `<definedNames>${names.join('')}</definedNames>`;
}

function withParts(xml: string, sheet: Sheet | undefined, index: number, language: Language): string {
  if (!sheet) throw new Error(`there is no sheet ${index}`);
  const data = /<\/sheetData>|<sheetData\/>/.exec(xml)?.[0] ?? '';
  const fitted = xml
    .replace(/<worksheet [^>]*>/, '$&<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>')
    .replace(
      /<pageMargins[^>]*\/>/,
      '<printOptions gridLines="1"/><pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>',
    )
    .replace(
      /<pageSetup[^>]*\/>/,
      `<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="${sheet.isTable ? 0 : 1}"/>${footer}`,
    );
  return replaced(fitted, data, data + filterOf(sheet) + entriesOf(sheet, language));
}

// The sheet’s name, and page x of y.
const footer =
  '<headerFooter><oddHeader>&amp;L&amp;F&amp;R&amp;A</oddHeader><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter>';

function filterOf({ isTable, rows, widths }: Sheet): string {
  return isTable ? `<autoFilter ref="A1:${address(rows.length - 1, widths.length - 1)}"/>` : '';
}

function entriesOf({ entries = [], rows }: Sheet, language: Language): string {
  if (entries.length === 0 || rows.length < 2) return '';
  const validations = entries.map(({ column, list, hint }) => {
    const cells = `${address(1, column)}:${address(rows.length - 1, column)}`;
    const [rule, formula] = list
      ? ['type="list"', `"${list.map((each) => each[language]).join(',')}"`]
      : ['type="date" operator="greaterThan"', '36526'];
    return `<dataValidation ${rule} allowBlank="1" showInputMessage="1" showErrorMessage="1" error="${xmlValue(hint[language])}" prompt="${xmlValue(hint[language])}" sqref="${cells}"><formula1>${xmlText(formula ?? '')}</formula1></dataValidation>`;
  });
  return `<dataValidations count="${entries.length}">${validations.join('')}</dataValidations>`;
}

function replaced(xml: string, what: string, by: string): string {
  if (what === '' || !xml.includes(what)) throw new Error(`the workbook's XML lacks ${what || 'its rows'}`);
  return xml.replace(what, () => by);
}
