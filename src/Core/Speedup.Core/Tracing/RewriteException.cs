namespace Speedup.Core.Tracing;

/// <summary>A method body that cannot be re-emitted; its module becomes a barrier.</summary>
internal sealed class RewriteException(string message) : Exception(message);
