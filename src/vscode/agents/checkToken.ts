import * as vscode from 'vscode';
import type { Answer } from '../../core/agents/answer.ts';
import { checkLine, lineOf, maxFileBytes, mayBeOf, tokenIn } from '../../core/agents/checkedToken.ts';
import { projectData } from '../../core/agents/chooseProject.ts';
import { Secret } from '../../core/base/secret.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { comparedConnections } from '../check/knownHere.ts';
import type { Services } from '../services.ts';
import { dataOf, findListedToken, inProject } from './project.ts';
import type { ToolCall } from './toolCall.ts';

/** Identifies a token by its id, or by the line of a file that contains its value. Never returns the value. */
export async function checkTokenTool(services: Services, { input }: ToolCall<'check'>): Promise<Answer> {
  const { id, file, line, project } = input;
  if (id !== undefined && file === undefined && line === undefined)
    return inProject(services, project, (connection) => checkId(services, connection, id));
  if (id === undefined && file !== undefined && line !== undefined) return checkFile(services, file, line);
  return { says: 'Nothing was checked. Give either "id", or "file" together with "line".' };
}

async function checkId(services: Services, connection: Connection, id: string): Promise<Answer> {
  const found = await findListedToken(connection, id);
  if ('says' in found) return found;
  const now = connection.now();
  return {
    says: 'This token is listed by the project. Whether its value still works was not tried.',
    data: { project: projectData(connection), token: dataOf(services, connection, { ...found, now }) },
  };
}

async function checkFile(services: Services, file: string, line: number): Promise<Answer> {
  const read = await readLine(file, line);
  if (typeof read === 'string') return { says: `Nothing was checked. ${read}` };
  const { connections, clock } = services;
  const token = tokenIn(read);
  const record = await services.ledger.tryFind(token);
  // The token is compared with the loaded tokens, and sent nowhere.
  const mayHaveIt = (await connections.start()).filter(
    (each) => mayBeOf(token, each, record) && !each.isMissing('fetchProjectTokens'),
  );
  for (const { store } of mayHaveIt) await store.projectTokens.load();
  const known = await comparedConnections(services);
  const { report, isOwnKey, data } = checkLine({ token, record, connections: known, now: clock.now() });
  const { row } = report;
  return {
    says: 'The value was read here and compared with what is listed. It is not returned. Whether it still works was not tried.',
    data: {
      ...data,
      isApiKeyOfThisExtension: isOwnKey ? true : undefined,
      ...(row === undefined
        ? {}
        : {
            in: projectData(row.connection),
            token: dataOf(services, row.connection, { ...row.found, now: row.connection.now() }),
          }),
    },
  };
}

/** A line of a workspace file, or the reason why it cannot be read, which quotes nothing from the file. */
async function readLine(file: string, line: number): Promise<Secret | string> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) return 'No folder is open: only files of the open folders are read.';
  const uris = folders.flatMap(({ uri }) => {
    const isAbsolute = file.startsWith('/') || /^[a-z]:[\\/]/i.test(file);
    const candidate = isAbsolute
      ? // `joinPath` resolves "..".
        vscode.Uri.joinPath(uri.with({ path: '/' }), vscode.Uri.file(file).path)
      : vscode.Uri.joinPath(uri, file.replaceAll('\\', '/'));
    return candidate.path.startsWith(`${uri.path.replace(/\/$/, '')}/`) ? [candidate] : [];
  });
  if (uris.length === 0) return 'Only files of the open folders are read.';
  for (const uri of uris) {
    const stat = await Promise.resolve(vscode.workspace.fs.stat(uri)).catch(() => undefined);
    if (stat === undefined || (stat.type & vscode.FileType.Directory) !== 0) continue;
    if (stat.size > maxFileBytes) return 'The file is too large to be checked.';
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const found = lineOf(text, line);
    return found === undefined ? 'The file has no line of that number.' : new Secret(found);
  }
  return 'There is no such file in the open folders.';
}
