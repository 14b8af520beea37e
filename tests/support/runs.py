"""A service's log as its table has it, where no service runs that could be asked."""
import msgpack


def events(psql, service):
    """Everything that is in the rows, as (header, data)."""
    found = []
    for row in psql(f"SELECT encode(events, 'hex') FROM {service}.event_log ORDER BY seq").split():
        pairs = msgpack.Unpacker()
        pairs.feed(bytes.fromhex(row))
        found += pairs
    return found
