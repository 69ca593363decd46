import { expect, test } from 'vitest';
import { asksForPassword } from '../../../src/collectors/transports/ssh-prompts.ts';

test.each([
  'Password: ',
  'password:',
  "ops@db-1's password: ",
  '(ops@db-1) Password:',
  'Password for ops@db-1:',
  'LDAP Password: ',
  'Enter your password:',
  '密码：',
  '请输入密码：',
  '登录密码:',
  '用户口令：',
])('%j asks for the password', (prompt) => {
  expect(asksForPassword(prompt)).toBe(true);
});

test.each([
  'Passcode: ',
  'Enter PASSCODE:',
  'Verification code: ',
  "One-time password (OATH) for `ops': ",
  'One-time Password:',
  'OTP Password:',
  'Password + token:',
  'Password and verification code: ',
  'New password: ',
  'Retype new password: ',
  'Current password: ',
  '(current) UNIX password: ',
  'Second Factor: ',
  'Passphrase for key:',
  'Duo two-factor login\n\nPasscode or option (1-1): ',
  '动态口令：',
  '动态密码:',
  '请输入动态口令：',
  '一次性密码：',
  '短信验证码：',
  '密码+动态码：',
  '新密码：',
  '令牌口令：',
  '',
])('%j asks for something else', (prompt) => {
  expect(asksForPassword(prompt)).toBe(false);
});
