import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readAnswer, type ToolAnswer } from './answers.ts';
import { eventually } from './eventually.ts';
import { temporaryFolder } from './vscode/temporaryFolder.ts';
import type { Workbench } from './vscode/workbench.ts';

/** Another extension, which calls tools as an agent does, when its command is run. */
export class ScriptedAgent {
  readonly folder = temporaryFolder('agent');
  private readonly callFile = path.join(this.folder, 'call.json');
  private readonly answerFile = path.join(this.folder, 'answer.txt');

  constructor() {
    const manifest = {
      name: 'agent',
      publisher: 'magicbell-tokens-tests',
      version: '0.0.1',
      engines: { vscode: '^1.100.0' },
      main: './extension.cjs',
      contributes: { commands: [{ command: 'agent.call', title: 'Call Tool', category: 'Scripted Agent' }] },
    };
    writeFileSync(path.join(this.folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(path.join(this.folder, 'extension.cjs'), program);
  }

  /** Begins a call of a tool; what it has answered comes later. */
  async call(window: Workbench, name: string, input: object): Promise<{ readonly answer: () => Promise<ToolAnswer> }> {
    rmSync(this.answerFile, { force: true });
    writeFileSync(this.callFile, JSON.stringify({ name: `magicbell_${name}`, input }));
    await window.palette('Scripted Agent: Call Tool');
    return {
      answer: () =>
        eventually(() => {
          if (!existsSync(this.answerFile)) throw new Error('the tool has not answered yet');
          return readAnswer(readFileSync(this.answerFile, 'utf8'));
        }),
    };
  }
}

const program = `
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const vscode = require('vscode');
exports.activate = ({ subscriptions }) => {
  const answer = (text) => {
    writeFileSync(join(__dirname, 'answer.part'), text);
    renameSync(join(__dirname, 'answer.part'), join(__dirname, 'answer.txt'));
  };
  const call = () => {
    const { name, input } = JSON.parse(readFileSync(join(__dirname, 'call.json'), 'utf8'));
    vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }).then(
      ({ content }) => answer(content.map((part) => part.value).join('\\n')),
      (error) => answer('failed: ' + error.message),
    );
  };
  subscriptions.push(vscode.commands.registerCommand('agent.call', call));
};
`;
