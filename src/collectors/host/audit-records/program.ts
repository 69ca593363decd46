/**
 * An awk program (mawk, gawk, busybox) that reads pieces of a log, each ended by a line `\001`, and prints how many records have which
 * fields: `mask`, six places in the order date, time, initiator, type, description, result (1 there, e empty, 0 not there, ? neither a
 * date nor a time), and a count. Nothing of a record is printed.
 *
 * It takes from its environment LEQI_USUAL and LEQI_NAMES (letters, tab, name), LEQI_FORMAT, LEQI_PATTERN, LEQI_SEPARATOR, LEQI_COLUMNS.
 */
export const recordsProgram = String.raw`
function none(v) {
  v = tolower(v); gsub(/[ \t"']/, "", v)
  return v ~ /^(-+|null|[(]null[)]|nil|none|undefined|n\/a)?$/
}
function epoch(v,   n) {
  if (v !~ /^1[0-9]+([.][0-9]*)?$/) return 0
  sub(/[.].*/, "", v); n = length(v)
  return n == 10 || n == 13 || n == 16 || n == 19
}
function dated(v) {
  return epoch(v) || v ~ /(19|20)[0-9][0-9] *([-\/.]|年) *[01]?[0-9] *([-\/.]|月) *[0-3]?[0-9]/ || v ~ /^(19|20)[0-9][0-9][01][0-9][0-3][0-9]/ || v ~ /[0-3]?[0-9][-\/.][0-3]?[0-9][-\/.](19|20)[0-9][0-9]/ || \
    v ~ /[0-3]?[0-9][-\/ ](Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/ || v ~ /(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* +[0-3]?[0-9]/
}
function timed(v) {
  return epoch(v) || v ~ /[0-2]?[0-9](:|：)[0-5][0-9]/ || v ~ /[0-9]时[0-5]?[0-9]/ || v ~ /^(19|20)[0-9][0-9][01][0-9][0-3][0-9][T_-]?[0-2][0-9][0-5][0-9]/ || v ~ /^[0-2][0-9][0-5][0-9][0-5][0-9]([.][0-9]+)?$/
}
function note(fields, v,   k, f) {
  for (k = 1; k <= length(fields); k++) {
    f = substr(fields, k, 1)
    if (none(v)) { if (!(f in got)) got[f] = "e" }
    else if (f != "d" && f != "t") got[f] = "1"
    else if (f == "d" ? dated(v) : timed(v)) got[f] = "1"
    else if ((!(f in got) || got[f] == "e") && !dated(v) && !timed(v)) got[f] = "?"
    else if (!(f in got)) got[f] = "e"
  }
}
# What stands before the first key; where the unit names the field, only that counts.
function prefix(v) {
  if (!("d" in owned) && dated(v)) got["d"] = "1"
  if (!("t" in owned) && timed(v)) got["t"] = "1"
}
# The fields that a key, a column or a path holds. What lies below "operation" is perhaps no type: "{" asks for less.
function letters(path, opens,   base, all, k) {
  base = tolower(path); gsub(/[_-]/, "", base)
  sub(/^(event|audit|auditlog|record|log|fields|mdc)[.]/, "", base)
  all = base in usual ? usual[base] : ""
  if (opens == "{") gsub(/[yr]/, "", all)
  for (k in owned) gsub(k, "", all)
  return (path in names ? names[path] : "") all
}
function blanks() { sub(/^[ \t]+/, "", s) }
function quotation() {
  if (!match(s, /^"[^"\\]*(\\.[^"\\]*)*"/)) return 0
  v = substr(s, 2, RLENGTH - 2); s = substr(s, RLENGTH + 1)
  return 1
}
function json(path, under, depth,   c, mine) {
  if (depth > 20) return 0
  blanks(); c = substr(s, 1, 1)
  mine = path == "" ? "" : under letters(path, c)
  if (c == "\"") { if (!quotation()) return 0; note(mine, v); return 1 }
  if (c == "[" || c == "{") {
    # A date as a list of numbers: [2026,3,1,10,30].
    if (mine ~ /[dt]/ && match(s, /^\[ *(19|20)[0-9][0-9] *(, *[0-9]+ *)(, *[0-9]+ *)(, *[0-9]+ *)(, *[0-9]+ *)/)) { note(mine, "2000-01-01 00:00"); mine = "" }
    return json_list(path, mine, depth, c == "{")
  }
  if (!match(s, /^[-+.0-9A-Za-z]+/)) return 0
  v = substr(s, 1, RLENGTH); s = substr(s, RLENGTH + 1)
  note(mine, v)
  return 1
}
function json_list(path, under, depth, keyed,   c, inner) {
  s = substr(s, 2); blanks()
  if (substr(s, 1, 1) == (keyed ? "}" : "]")) { s = substr(s, 2); return 1 }
  while (1) {
    inner = path "[]"
    if (keyed) {
      blanks(); if (!quotation()) return 0
      inner = path == "" ? v : path "." v
      blanks(); if (substr(s, 1, 1) != ":") return 0
      s = substr(s, 2)
    }
    if (!json(inner, under, depth + 1)) return 0
    blanks(); c = substr(s, 1, 1); s = substr(s, 2)
    if (c == (keyed ? "}" : "]")) return 1
    if (c != ",") return 0
  }
}
function as_json(line,   at) {
  at = index(line, "{"); if (at == 0) return 0
  s = substr(line, at)
  if (!json("", "", 0)) return 0
  blanks(); if (s != "") return 0
  if (at > 1) prefix(substr(line, 1, at - 1))
  return 1
}
# A value lasts to the next key, which stands behind a blank or a sign; "a=b=c" is one.
function as_pairs(line, least,   n, key) {
  if (index(line, "=") == 0) { gsub(/：/, "=", line); gsub(/，|；/, " ", line) }
  s = " " line; n = 0
  while (match(s, /[][ \t,;|&(){}<>]+[^][ \t,;|&={}()"'<>]+=/)) {
    if (n++ == 0) prefix(substr(s, 1, RSTART))
    key = substr(s, RSTART, RLENGTH - 1); sub(/^[][ \t,;|&(){}<>]+/, "", key)
    s = substr(s, RSTART + RLENGTH)
    if (!quotation()) {
      v = s
      if (match(s, /[][ \t,;|&(){}<>]+[^][ \t,;|&={}()"'<>]+=/)) v = substr(s, 1, RSTART - 1)
      s = substr(s, length(v) + 1)
    }
    note(letters(key), v)
  }
  return n >= least
}
function cells(line, sep,   n, p) {
  s = line
  for (n = 1; n <= 200; n++) {
    if (substr(s, 1, 1) == "\"") {
      if (!match(s, /^"[^"]*(""[^"]*)*"/)) return 0
      cell[n] = substr(s, 2, RLENGTH - 2); s = substr(s, RLENGTH + 1)
    } else {
      p = index(s, sep); if (p == 0) p = length(s) + 1
      cell[n] = substr(s, 1, p - 1); s = substr(s, p)
    }
    if (s == "") return n
    if (substr(s, 1, 1) != sep) return 0
    s = substr(s, 2)
  }
  return 0
}
function as_cells(line,   n, k) {
  n = cells(line, sep); if (n != columns) return 0
  for (k = 1; k <= n; k++) note(column[k], cell[k])
  return 1
}
# A heading names at least four fields, unless the unit says that it stands there.
function heading(line, by, certain,   n, k, all, j, seen, found) {
  n = cells(line, by); if (n < 2) return 0
  for (k = 1; k <= n; k++) {
    sub(/^[ \t]+/, "", cell[k]); sub(/[ \t]+$/, "", cell[k])
    all = letters(cell[k]); column[k] = all
    for (j = 1; j <= length(all); j++) if (!(substr(all, j, 1) in seen)) { seen[substr(all, j, 1)] = 1; found++ }
  }
  if (!certain && found < 4) return 0
  sep = by; columns = n
  return 1
}
function as_pattern(line,   k, at, value) {
  gsub(/[ \t]+/, " ", line); s = line
  for (k = 1; k <= parts; k++) {
    if (literal[k] != "") { at = index(s, literal[k]); if (k == 1 ? at != 1 : at == 0) return 0 } else at = k == 1 ? 1 : length(s) + 1
    if (k > 1) note(holder[k - 1], substr(s, 1, at - 1))
    s = substr(s, at + length(literal[k]))
  }
  return 1
}
# literal 1, holder 1, literal 2, … : the pattern, cut at its placeholders.
function pattern(text,   n) {
  gsub(/[ \t]+/, " ", text); parts = 1
  while (match(text, /[{][a-z_]+[}]/)) {
    literal[parts] = substr(text, 1, RSTART - 1)
    holder[parts] = holds[substr(text, RSTART + 1, RLENGTH - 2)]
    for (n = 1; n <= length(holder[parts]); n++) owned[substr(holder[parts], n, 1)] = 1
    text = substr(text, RSTART + RLENGTH); parts++
  }
  literal[parts] = text
}
function table(text, into,   list, n, k, pair) {
  n = split(text, list, "\n")
  for (k = 1; k <= n; k++) if (split(list[k], pair, "\t") == 2) into[pair[2]] = into[pair[2]] pair[1]
}
function record(line,   k, mask, kind) {
  sub(/\r$/, "", line)
  if (line ~ /^[ \t]*$/) return
  if (substr(line, 1, 3) == "\357\273\277") line = substr(line, 4)
  if (first) {
    first = 0
    if (columns && cells(line, sep) == columns && cell[1] == title[1] && cell[2] == title[2]) return
    if (format == "csv" && !columns) { if (!heading(line, sep, 1)) unread++; return }
    if (format == "") for (k = 1; k <= 4; k++) if (heading(line, substr(",\t|;", k, 1), 0)) return
  }
  split("", got)
  kind = format
  if (length(line) > 16384) kind = "none"
  else if (format == "json") { if (!as_json(line)) kind = "none" }
  else if (format == "csv") { if (!as_cells(line)) kind = "none" }
  else if (format == "pattern") { if (!as_pattern(line)) kind = "none" }
  else if (format == "key-value") { if (!as_pairs(line, 1)) kind = "none" }
  else {
    kind = "none"
    if (columns) { if (as_cells(line)) kind = "csv" }
    else if (line ~ /[{] *"/ && as_json(line)) kind = "json"
    else { split("", got); if (as_pairs(line, 3)) kind = "key-value" }
  }
  # What goes on over several lines is indented.
  if (kind == "none") { if (line !~ /^[ \t]/ || !known) unread++; return }
  known = 1; kinds[kind]++; mask = ""
  for (k = 1; k <= 6; k++) mask = mask ((substr("dtiycr", k, 1) in got) ? got[substr("dtiycr", k, 1)] : "0")
  masks[mask]++
}
BEGIN {
  table(ENVIRON["LEQI_USUAL"], usual); table(ENVIRON["LEQI_NAMES"], names)
  for (name in names) for (k = 1; k <= length(names[name]); k++) owned[substr(names[name], k, 1)] = 1
  holds["date"] = "d"; holds["time"] = "t"; holds["datetime"] = "dt"; holds["initiator"] = "i"
  holds["type"] = "y"; holds["description"] = "c"; holds["result"] = "r"; holds["_"] = ""
  format = ENVIRON["LEQI_FORMAT"]; sep = ENVIRON["LEQI_SEPARATOR"]; if (sep == "") sep = ","
  if (format == "pattern") pattern(ENVIRON["LEQI_PATTERN"])
  if (ENVIRON["LEQI_COLUMNS"] != "") {
    columns = split(ENVIRON["LEQI_COLUMNS"], title, "\t")
    for (k = 1; k <= columns; k++) column[k] = letters(title[k])
  }
  first = 1
}
# Of a piece the last line may be cut, and the first of the next.
$0 == "\001" { held = 0; skip = 1; first = 0; next }
skip { skip = 0; next }
held { record(last) }
{ last = $0; held = 1 }
END {
  for (kind in kinds) print "format", kind
  for (mask in masks) print "mask", mask, masks[mask]
  print "unread", unread + 0
}
`;
