/**
 * The settings of a git configuration file, as far as ignoring needs them: keys in lower case, the last value wins.
 * Parsed by hand, in linear time.
 */
export function parseGitConfig(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  let section = '';
  for (const line of text.split('\n')) {
    let rest = line.trim();
    if (rest.startsWith('[')) {
      const end = rest.indexOf(']');
      if (end === -1) continue;
      section = sectionName(rest.slice(1, end));
      rest = rest.slice(end + 1).trim();
    }
    const [key = ''] = /^[A-Za-z][\w-]*/.exec(rest) ?? [];
    const after = rest.slice(key.length).trimStart();
    if (key === '' || !(after === '' || after.startsWith('='))) continue;
    settings.set(`${section}.${key.toLowerCase()}`, after === '' ? 'true' : plainValue(after.slice(1).trim()));
  }
  return settings;
}

/** Without the subsection, which follows in quotes after a space. */
function sectionName(header: string): string {
  const [name = ''] = /^[^"\s]*/.exec(header.trimStart()) ?? [];
  return name.toLowerCase();
}

/** Quotes protect spaces and comment signs. */
function plainValue(written: string): string {
  const close = written.startsWith('"') ? written.lastIndexOf('"') : 0;
  if (close > 0) return written.slice(1, close).replace(/\\(.)/g, '$1');
  const comment = written.search(/[#;]/);
  return (comment === -1 ? written : written.slice(0, comment)).trimEnd();
}
