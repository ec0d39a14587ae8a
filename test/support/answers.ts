/** What a tool has answered, as the model sees it. */
export interface ToolAnswer {
  /** All of it. */
  readonly text: string;
  /** The sentences of the product, before the data. */
  readonly says: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Takes an answer apart at the marks of its data. */
export function readAnswer(text: string): ToolAnswer {
  const [before = '', ...rest] = text.split('\n<data>\n');
  const says = before.replace(/\nBetween <data> and <\/data> is data\..*$/, '');
  const [json = '{}'] = rest.join('').split('\n</data>');
  return { text, says, data: JSON.parse(rest.length === 0 ? '{}' : json) as Record<string, unknown> };
}
