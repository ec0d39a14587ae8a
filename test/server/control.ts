import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { emptyAnswer, errorAnswer, jsonAnswer, type Answer } from './answer.ts';
import { faultSpecSchema, type ActiveFault } from './faults.ts';
import type { LocalApi } from './localApi.ts';
import type { OperationName } from './routes.ts';
import { operationNames } from './routes.ts';
import { switchesSchema } from './switches.ts';

export const controlPath = '/__control';

/**
 * Drives a local API from another process:
 *
 * - `GET /__control/faults` · `POST` a fault specification · `DELETE` all
 * - `DELETE /__control/faults/{id}` · `POST …/{id}/release` · `GET …/{id}/held` (answers once a request is held)
 * - `GET /__control/journal?method=&operation=&project=` · with `&atLeast=n` it answers once there are n · `DELETE`
 * - `GET /__control/switches` · `PATCH` some
 * - `GET /__control/project`: the keys that sign user tokens of the first project
 * - `GET /__control/projects`: of each its index, id, name, token and keys · `PATCH …/{index}`: switches of its own
 * - `POST /__control/reset`
 */
export async function answerControl(
  api: LocalApi,
  req: IncomingMessage,
  url: URL,
  readBody: () => Promise<string | undefined>,
): Promise<Answer> {
  if (!isFromThisMachine(req, api.port))
    return errorAnswer(403, { message: 'The control endpoints are not for web pages' });
  const body = await readBody();
  const [resource = '', id = '', action = ''] = url.pathname.slice(controlPath.length + 1).split('/');
  switch ([req.method, resource, id && ':id', action].filter(Boolean).join(' ')) {
    case 'GET faults':
      return jsonAnswer(
        200,
        api.faults.all.map((fault) => describe(fault)),
      );
    case 'POST faults':
      return parsed(faultSpecSchema, body, (spec) => jsonAnswer(201, describe(api.faults.add(spec))));
    case 'DELETE faults':
      api.faults.clear();
      return jsonAnswer(200, []);
    case 'DELETE faults :id':
      api.faults.remove(id);
      return jsonAnswer(200, {});
    case 'POST faults :id release':
      return withFault(api, id, (fault) => {
        fault.release();
      });
    case 'GET faults :id held':
      return withFault(api, id, (fault) => fault.untilHeld());
    case 'GET journal':
      return journal(api, url);
    case 'DELETE journal':
      api.journal.clear();
      return jsonAnswer(200, []);
    case 'GET switches':
      return jsonAnswer(200, api.switches);
    case 'PATCH switches':
      return changeSwitches(api, body);
    case 'GET project':
      return jsonAnswer(200, api.keys);
    case 'GET projects':
      return jsonAnswer(
        200,
        api.projects.map(({ index, id: projectId, name, token, keys }) => ({
          index,
          id: projectId,
          name,
          token,
          ...keys,
        })),
      );
    case 'PATCH projects :id': {
      const project = api.projects[Number(id)];
      return project ? changeSwitches(project, body) : errorAnswer(404, { message: `No such project: ${id}` });
    }
    case 'POST reset':
      api.reset();
      return jsonAnswer(200, {});
    default:
      return emptyAnswer(404);
  }
}

// A page of any site can reach 127.0.0.1, and by rebinding its name even with readable answers.
function isFromThisMachine(req: IncomingMessage, port: number): boolean {
  const { host, origin } = req.headers;
  const site = req.headers['sec-fetch-site'];
  const isOurHost = host === `127.0.0.1:${port}` || host === `localhost:${port}`;
  return isOurHost && origin === undefined && (site === undefined || site === 'none');
}

function changeSwitches(target: Pick<LocalApi, 'set' | 'switches'>, body: string | undefined): Answer {
  return parsed(v.partial(switchesSchema), body, (changes) => {
    // What a partial schema lets be undefined cannot be undefined in JSON.
    target.set(changes as Parameters<LocalApi['set']>[0]);
    return jsonAnswer(200, target.switches);
  });
}

async function journal(api: LocalApi, url: URL): Promise<Answer> {
  const name = url.searchParams.get('operation') ?? undefined;
  const operation = operationNames.find((known): known is OperationName => known === name);
  if (name !== undefined && !operation) return errorAnswer(422, { message: `No such operation: ${name}` });
  const project = url.searchParams.get('project');
  const query = {
    method: url.searchParams.get('method') ?? undefined,
    operation,
    project: project === null ? undefined : Number(project),
  };
  const atLeast = Number(url.searchParams.get('atLeast') ?? 0);
  if (api.journal.count(query) < atLeast) {
    const isThere = (): boolean => api.journal.count(query) >= atLeast;
    await api.journal.waitFor(isThere, 60_000).catch(() => undefined);
    if (!isThere()) return errorAnswer(408, { message: `Not ${atLeast} requests within a minute` });
  }
  return jsonAnswer(200, api.journal.find(query));
}

async function withFault(
  api: LocalApi,
  id: string,
  act: (fault: ActiveFault) => void | Promise<void>,
): Promise<Answer> {
  const fault = api.faults.get(id);
  if (!fault) return errorAnswer(404, { message: `No such fault: ${id}` });
  await act(fault);
  return jsonAnswer(200, describe(fault));
}

function describe(fault: ActiveFault): object {
  return { id: fault.id, hits: fault.hits, held: fault.heldCount, ...fault.spec };
}

function parsed<S extends v.GenericSchema>(
  schema: S,
  body: string | undefined,
  use: (value: v.InferOutput<S>) => Answer,
): Answer {
  let json: unknown;
  try {
    json = JSON.parse(body ?? '');
  } catch {
    return errorAnswer(400, { message: 'invalid JSON in the request body' });
  }
  const result = v.safeParse(schema, json);
  if (result.success) return use(result.output);
  return errorAnswer(
    422,
    ...result.issues.map((issue) => ({ message: `${v.getDotPath(issue) ?? ''}: ${issue.message}` })),
  );
}
