import { choiceParam, type RawSearch, textParam } from '../ui/search-params.ts';
import { type SignInReason, signInReasons } from './sign-in-reason.ts';

/** What the login page is told in its address. */
export interface LoginSearch {
  reason?: SignInReason | undefined;
  /** The path to return to. */
  next?: string | undefined;
}

/** Reads the login page's address; unknown reasons are ignored. */
export function parseLoginSearch(raw: RawSearch): LoginSearch {
  return { reason: choiceParam(raw.reason, signInReasons), next: textParam(raw.next) };
}
