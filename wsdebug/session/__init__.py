"""The `wsdebug/1` session format: lines, writer, reader."""
