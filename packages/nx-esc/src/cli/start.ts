import { answerFromSession } from './answer-from-session';

const args = process.argv.slice(2);
if (!answerFromSession(args)) void (require('./main') as typeof import('./main')).main(args);
