export { eraseUser, type UserErasure } from './erase-user.ts';
export { signErasuresAnew } from './sign-erasures-anew.ts';
