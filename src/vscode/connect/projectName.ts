export { projectLine, projectName, saidIn, titleIn } from '../../core/connections/projectName.ts';
