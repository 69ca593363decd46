const words =
  '无|没有|暂无|未设|未设置|未指定|未填写?|不适用|待定|待补充?|待确定|待填写?|不详|未知|none|nil|n/?a|tbd|unknown|null';

const nobody = new RegExp(`^(${words}|[-—–/\\\\_?？*\\s]*)$`, 'i');

/** Whether words stand where a person's name or number should that are none: hidden as a name, they would pass for somebody. */
export function isNobody(text: string): boolean {
  return nobody.test(text.normalize('NFKC').trim());
}
