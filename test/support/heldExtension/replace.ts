/** Puts a function of VS Code's API in the place of another; gives what undoes it. */
export function replace(target: object, name: string, by: (...args: never[]) => unknown): () => void {
  const original: unknown = Reflect.get(target, name);
  Object.assign(target, { [name]: by });
  return () => Object.assign(target, { [name]: original });
}
