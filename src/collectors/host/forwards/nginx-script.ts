/**
 * Reduces an nginx configuration to its blocks and to directives that listen, restrict or pass on; one statement a line, its end
 * last, with {@link cleanWord} before it. Values of variables are kept only where they can be a destination. Tokens as ngx_conf_read_token() takes them.
 */
export const nginxReducer = `function push() { if (has) word[++n] = w; w = ""; has = 0 }
function emit(end,   i, first, text, keep) {
  first = tolower(word[1]); keep = 0
  if (end == "}") depth--
  else if (end == "{") { depth++; keep = 1 }
  if (end == "{" && first ~ /^(map|geo|split_clients)$/) inside = depth
  if (end == ";" && n > 0) {
    if (inside && depth >= inside) { if (n > 1) print " " line "\\tvalue\\t" destination(word[n]) "\\t;"; n = 0; return }
    if (first == "set") {
      print " " line "\\tset\\t" word[2] "\\t" (secret(word[2]) ? "?" : destination(word[3])) "\\t;"; n = 0; return
    }
    keep = first ~ /^(listen|server|server_name|include|allow|deny|satisfy|set_real_ip_from|proxy_pass|grpc_pass|fastcgi_pass|scgi_pass|uwsgi_pass|memcached_pass|proxy_connect|perl|proxy|auth_http|default_type_pass|js_[a-z_]+|[a-z_]*_by_lua[a-z_]*)$/
  }
  if (inside && depth < inside) inside = 0
  if (end == "}") { print " " line "\\t}"; n = 0; return }
  if (keep) {
    text = " " line
    for (i = 1; i <= n && i <= 40; i++) {
      if (i > 1 && first ~ /^(js_|perl)|_by_lua/) continue
      if (i > 1 && end == "{" && first !~ /^(upstream|map|geo|split_clients)$/) continue
      text = text "\\t" tidy(word[i])
    }
    print text "\\t" end
  }
  n = 0
}
{
  text_ = $0; size = length(text_); i = 1
  while (i <= size) {
    c = substr(text_, i, 1)
    if (q != "") {
      if (c == "\\\\") { w = w substr(text_, i + 1, 1); i += 2; continue }
      if (c == q) q = ""; else w = w c
      i++; continue
    }
    if (c == " " || c == "\\t" || c == "\\r") { push(); i++; continue }
    if (!has && c == "#") break
    if (!has && n == 0) line = NR
    if (!has && (c == "\\"" || c == "\\047")) { q = c; has = 1; i++; continue }
    if (c == "\\\\") { w = w substr(text_, i + 1, 1); has = 1; i += 2; continue }
    if (c == "$" && substr(text_, i + 1, 1) == "{") {
      at = index(substr(text_, i), "}")
      if (at) { w = w substr(text_, i, at); has = 1; i += at; continue }
    }
    if (c == ";" || c == "{" || c == "}") { push(); emit(c); i++; continue }
    w = w c; has = 1; i++
  }
  if (q == "") push(); else w = w " "
}
END { if (q != "" || depth != 0 || n > 0) print " " NR "\\todd" }`;
