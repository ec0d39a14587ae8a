// The first part of the product's bundle where memory is looked at: its class of secrets is the one to be watched.
import { watchMemory } from './memory.ts';

const { MEMORY_TELL: tell = '', MEMORY_REQUEST: request = '' } = process.env;
watchMemory(tell, request);
