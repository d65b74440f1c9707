from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher, get_hasher


class ArgonHasher(Argon2PasswordHasher):
    """Argon2id at OWASP's 19 MiB, two passes, one lane: 38 ms a login where Django's default asks for 100 MiB."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class FirstPasswordHasher(PBKDF2PasswordHasher):
    """For random first passwords alone: a thousand slips in half a second, where argon2 would take 40.

    A slow hash makes up for what people choose, which is guessed from lists. A first password is 59 random bits that
    no list has (orgs.services.passwords), salted like any other: 2**59 guesses of 1,000 rounds each keep 1,000 graphics
    cards busy for more than a year, and it is good for seven days. Django hashes with the first hasher of the settings
    as soon as its holder logs in.
    """

    algorithm = "first_pbkdf2_sha256"
    iterations = 1000

    def verify(self, password: str, encoded: str) -> bool:
        """A wrong guess takes as long as on every other account: the clock doesn't tell who has not logged in yet."""
        if super().verify(password, encoded):
            return True
        slow = get_hasher()
        slow.encode(password, slow.salt())
        return False

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing to make up for: see verify."""
