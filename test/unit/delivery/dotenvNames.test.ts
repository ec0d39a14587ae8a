import assert from 'node:assert/strict';
import { isDotenvName } from '../../../src/core/delivery/dotenvNames.ts';

describe('isDotenvName', () => {
  const real = '.env .env.local .env.production .env.production.local .env.dev .env.ci-test .env.docker .env.staging2';
  for (const name of real.split(' ')) it(`offers ${name}`, () => assert.equal(isDotenvName(name), true));

  const others = [
    '.env.keys .env.encrypted .env.enc .env.gpg .env.asc .env.age .env.vault .env.sops .env.me .env.production.keys',
    '.env.example .env.sample .env.template .env.tpl .env.dist .env.defaults .env.schema .env.example.local',
    '.env.bak .env.backup .env.local.bak .env.old .env.orig .env.save .env.swp .env~ .env.local~ .env.local-backup',
    '.env.local.php .env.php .env.j2 .env.production.j2 .env.erb .env.hbs .env.mustache .env.tftpl .env.stub',
    '.env.secret .env.aes .env.cpt .env.ejson .env.rb .env.ini .env.ps1 .env.fish .env.nix .env.mts .env.jsonc',
    '.env.bk .env.original .env.log',
    '.env.20261130 .env.1 .env.2026-11-30 .envrc .environment env .env. .env..local .ENV .env.md .env.d.ts x.env',
  ];
  for (const name of others.flatMap((line) => line.split(' '))) {
    it(`leaves out ${name}`, () => assert.equal(isDotenvName(name), false));
  }
});
