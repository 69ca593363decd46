/**
 * Prints the dates of lines, never a line: one date token a line, run-length encoded, then how many lines there were and how
 * many days lie between the first date and the last (-1: no date). mawk of Debian 12 knows no {n}; the fast path spares seven
 * searches for a line dated like the one before. Of several files each is named before its dates. A file with a declared form of time (LEQI_TIME) is read by that alone.
 */
export const datesProgram = `
function emit(token) {
  dated++
  if (token == last) { run++; return }
  flush(); if (dated == 1) first = token
  last = token; run = 1
}
function flush() {
  if (run > 0 && runs < 20000) print "t", run, last
  if (run > 0) runs++
  run = 0
}
function finish() {
  flush(); print "lines", lines + 0, dated + 0, runs + 0, span()
  lines = dated = runs = run = size = skip = 0; first = last = ""
}
function month(name) { return (index("JanFebMarAprMayJunJulAugSepOctNovDec", substr(name, 1, 3)) + 2) / 3 }
function serial(y, m, d) {
  if (m < 3) { y--; m += 12 }
  return 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d
}
function number(token, part) {
  if (token ~ /^@/) return int(substr(token, 2) / 24)
  if (token ~ /^[A-Z]/) { split(token, part, / +/); return serial(2023, month(part[1]), part[2]) }
  split(token, part, /[-\\/T:]/)
  return part[3] > 31 ? serial(part[3], month(part[2]), part[1]) : serial(part[1], part[2] + 0, part[3])
}
function span(days) {
  if (dated == 0) return -1
  days = number(last) - number(first)
  if (days < 0 && first ~ /^[A-Z]/) days += 365
  return days < 0 ? 400 : days
}
function consider(found, kind) {
  if (found && (best == 0 || RSTART < best)) { best = RSTART; length_ = RLENGTH; which = kind }
}
function zone(rest) {
  if (match(rest, /^[T ][0-9][0-9]:[0-9][0-9](:[0-9][0-9])?([.,][0-9]+)? ?(Z|[+-][0-9][0-9]:?[0-9][0-9])/)) {
    hour = substr(rest, 2, 2); rest = substr(rest, 1, RLENGTH)
    if (rest ~ /Z$/) return "T" hour "Z"
    match(rest, /[+-][0-9][0-9]:?[0-9][0-9]$/)
    return "T" hour substr(rest, RSTART)
  }
  return ""
}
function declared(s, i, says, value, got) {
  s = $0
  if (after != "") { i = index(s, after); if (!i) return; s = substr(s, i + length(after)) }
  for (i = 1; i < column; i++) { if (!match(s, /^[ \\t]*[^ \\t]+[ \\t]+/)) return; s = substr(s, RLENGTH + 1) }
  if (!match(s, whole) || RSTART > (after != "" || column ? 4 : 200)) return
  s = substr(s, RSTART)
  for (i = 1; i <= steps; i++) {
    match(s, "^(" expression[i] ")"); value = substr(s, 1, RLENGTH); s = substr(s, RLENGTH + 1)
    says = word[i]; gsub(/^[T ]+/, "", value); if (says != "-" && value != "") got[says] = value
  }
  if ("seconds" in got) { emit("@" int(got["seconds"] / 3600)); return }
  if ("milliseconds" in got) { emit("@" int(substr(got["milliseconds"], 1, 10) / 3600)); return }
  if ("short" in got) got["year"] = "20" got["short"]
  if (!("year" in got)) {
    if ("named" in got) emit(substr(got["named"], 1, 3) " " sprintf("%2d", got["day"]))
    else emit(substr("JanFebMarAprMayJunJulAugSepOctNovDec", got["month"] * 3 - 2, 3) " " sprintf("%2d", got["day"]))
    return
  }
  if ("named" in got) got["month"] = month(got["named"])
  value = got["year"] "-" sprintf("%02d", got["month"]) "-" sprintf("%02d", got["day"])
  emit(("hour" in got) && ("zone" in got) ? value "T" sprintf("%02d", got["hour"]) got["zone"] : value)
}
BEGIN {
  skip = 0; plan = ENVIRON["LEQI_TIME"]
  if (plan != "") {
    n = split(plan, each, "\\t"); column = each[1] + 0; after = each[2]
    for (i = 3; i < n; i += 2) { steps++; word[steps] = each[i]; expression[steps] = each[i + 1]; whole = whole "(" each[i + 1] ")" }
  }
}
FNR == 1 && substr(FILENAME, 1, 1) == "/" { if (NR > 1) finish(); print "at", FILENAME }
/\\001$/ { skip = 1; next }
skip { skip = 0; next }
{
  lines++
  if (plan == "" && length($0) > 400) $0 = substr($0, 1, 400)
  if (plan != "") { declared(); next }
  if ($0 ~ /^\t/) next
  if (size && substr($0, at, size) == text) { dated++; run++; next }
  size = 0; best = 0
  consider(match($0, /(19|20)[0-9][0-9][-\\/][01]?[0-9][-\\/][0-3]?[0-9]/), "iso")
  consider(match($0, /(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0-3]?[0-9] [0-2][0-9]:[0-5][0-9]/), "syslog")
  consider(match($0, /[0-3]?[0-9][- \\/](Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[- \\/](19|20)[0-9][0-9]/), "named")
  consider(match($0, /(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-3]?[0-9], (19|20)[0-9][0-9]/), "american")
  consider(match($0, /audit\\(1[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][.:]/), "epoch")
  consider(match($0, /"[@A-Za-z_]*([Tt]ime|ts|TS|timestamp|date)[A-Za-z_]*" *: *"?1[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]/), "epoch")
  consider(match($0, /(19|20)[0-9][0-9](年|\\304\\352)[01]?[0-9](月|\\324\\302)[0-3]?[0-9](日|\\310\\325)/), "chinese")
  consider(match($0, /^.?.?20[0-9][0-9][01][0-9][0-3][0-9][ T_:-]?[0-2][0-9]:?[0-5][0-9]/), "compact")
  if (best == 0 || (best > 60 && $0 !~ /^[ ]*[{]/ && substr($0, best - 1, 1) != "[")) next
  value = substr($0, best, length_); rest = substr($0, best + length_)
  at = best; text = value; size = length_
  if (which == "iso") {
    if (best > 1 && substr($0, best - 1, 1) ~ /[0-9.]/) { size = 0; next }
    z = zone(rest)
    if (rest == "" || rest ~ /^[0-9]/) { size = 0; next }
    n = z == "" ? 1 : 3
    text = value substr(rest, 1, n); size += n
    emit(value z)
  } else if (which == "syslog") {
    if (best > 16) { size = 0; next }
    if (match(rest, /^[:.0-9]* (19|20)[0-9][0-9]/)) { size = 0; y = substr(rest, RLENGTH - 3, 4); sub(/^ */, "", value); split(value, part, / +/); emit(part[2] "/" part[1] "/" y) }
    else { size -= 6; text = substr(value, 1, size); emit(text) }
  } else if (which == "named") {
    gsub(/[- ]/, "/", value)
    if (match(rest, /^:[0-9][0-9]:[0-9][0-9]:[0-9][0-9] [+-][0-9][0-9][0-9][0-9]/)) {
      text = text substr(rest, 1, 3); size += 3
      emit(value substr(rest, 1, 3) substr(rest, RLENGTH - 4, 5))
    } else emit(value)
  } else if (which == "american") {
    split(value, part, /[ ,]+/); emit(part[2] "/" part[1] "/" part[3])
  } else if (which == "epoch") {
    size = 0; match(value, /1[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]/)
    emit("@" int(substr(value, RSTART, 10) / 3600))
  } else if (which == "chinese") {
    gsub(/[^0-9]+/, "-", value); sub(/-$/, "", value); emit(value)
  } else {
    match(value, /20[0-9][0-9][01][0-9][0-3][0-9]/); d = substr(value, RSTART, 8)
    size = 0; emit(substr(d, 1, 4) "-" substr(d, 5, 2) "-" substr(d, 7, 2))
  }
}
END { finish() }
`;
