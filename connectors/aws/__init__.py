"""What every AWS service needs: credentials, sign-in, sessions."""
