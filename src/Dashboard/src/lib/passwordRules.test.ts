import { describe, expect, it } from 'vitest';
import { passwordFault, userNameFault } from './passwordRules';

describe('passwordFault', () => {
  it('finds what the server would refuse', () => {
    expect(passwordFault('1234567', 'bob')).toContain('at least 8');
    expect(passwordFault('ä'.repeat(513), 'bob')).toContain('1,024 bytes');
    expect(passwordFault('Elisabeth', ' elisabeth ')).toContain('user name');
  });

  it('leaves the rest to the server', () => {
    expect(passwordFault('password', 'bob')).toBeNull();
    expect(passwordFault('ä'.repeat(512), 'bob')).toBeNull();
  });
});

describe('userNameFault', () => {
  it('counts without blanks around', () => {
    expect(userNameFault(' ab ')).not.toBeNull();
    expect(userNameFault(' abc ')).toBeNull();
    expect(userNameFault('x'.repeat(65))).not.toBeNull();
  });
});
