import type { ReactElement } from 'react';
import { ButtonLink } from '../ui/button-link.tsx';
import { StateMessage } from '../ui/state-message.tsx';

/** No view lives at this address. */
export function NotFoundPage(): ReactElement {
  return (
    <StateMessage
      icon="search"
      title="There is no page at this address"
      actions={
        <ButtonLink to="/admin/ops" variant="default">
          Go to the overview
        </ButtonLink>
      }
    >
      The link may be mistyped, or written for another version of the console.
    </StateMessage>
  );
}
