import type { PageName } from '../ui/ids.ts';

/** What a page's document is made of. */
export interface PageParts {
  /** Which one it is. */
  readonly page: PageName;
  readonly title: string;
  /** Where the webview takes files from, as its content security policy names it. */
  readonly source: string;
  readonly script: string;
  readonly style: string;
}

/** The document of a page: files of the extension, and nothing else from anywhere; no inline script or style. */
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
