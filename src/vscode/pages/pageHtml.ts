import type { PageName } from '../ui/ids.ts';

/** The parts of a page's HTML document. */
export interface PageParts {
  /** The page's name in `src/webview`. */
  readonly page: PageName;
  readonly title: string;
  /** The webview's `cspSource`. */
  readonly source: string;
  readonly script: string;
  readonly style: string;
}

/** The HTML document of a page. Its policy allows only the extension's own files: no inline script or style. */
export function pageHtml({ page, title, source, script, style }: PageParts): string {
  const policy = `default-src 'none'; script-src ${source}; style-src ${source}; form-action 'none'; base-uri 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<title>${attribute(title)}</title>
<link rel="stylesheet" href="${attribute(style)}">
</head>
<body>
<div id="page" data-page="${page}"></div>
<script src="${attribute(script)}"></script>
</body>
</html>
`;
}

const attribute = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
