import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

/**
 * Changes some parts of the address and keeps the others; undefined removes a part. `replace` is for changes that the
 * back button should skip, such as moving the selection.
 */
export function usePatchSearch<T extends object>(): (
  change: Partial<T>,
  options?: { replace?: boolean },
) => void {
  const navigate = useNavigate();
  return useCallback(
    (change, options) => {
      void navigate({
        to: '.',
        search: (previous: object) => ({ ...previous, ...change }),
        replace: options?.replace ?? false,
      });
    },
    [navigate],
  );
}
