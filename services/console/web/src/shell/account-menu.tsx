import { Menu, UnstyledButton } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Session } from '../session/session-query.ts';
import { useSignOut } from '../session/use-sign-out.ts';
import { Icon } from '../ui/icon.tsx';
import styles from './account-menu.module.css';
import { ColorSchemeSwitch } from './color-scheme-switch.tsx';

/** Who is signed in, the colour scheme, and the way out. */
export function AccountMenu({ session }: { session: Session }): ReactElement {
  const signOut = useSignOut();
  return (
    <Menu position="right-end" width={232}>
      <Menu.Target>
        <UnstyledButton className={styles.account} aria-label="Account and appearance">
          <span className={styles.avatar}>
            <Icon name="user" size={15} />
          </span>
          <span className={styles.who}>
            <span className={styles.role}>{session.role}</span>
            <span className={styles.organisation}>{session.orgId}</span>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Appearance</Menu.Label>
        <div className={styles.scheme}>
          <ColorSchemeSwitch />
        </div>
        <Menu.Divider />
        <Menu.Label>
          Organisation <span className={styles.id}>{session.orgId}</span>
          {session.userId !== null && (
            <>
              <br />
              User <span className={styles.id}>{session.userId}</span>
            </>
          )}
        </Menu.Label>
        <Menu.Item leftSection={<Icon name="signOut" size={15} />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
