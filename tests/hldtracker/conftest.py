"""What the tests of the project itself need."""

import os

import pytest
import redis


@pytest.fixture
def redis_url():
    """Return the address of a Redis for tests; skips without one, fails where one is required."""
    url = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
    try:
        with redis.Redis.from_url(url or "redis://", socket_connect_timeout=1) as client:
            client.ping()
    except redis.RedisError:
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail("Redis is required here and does not answer")
        pytest.skip("Redis does not answer")
    return url
