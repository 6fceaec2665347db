namespace Speedup.Pruning.Pipeline;

/// <summary>A file of a result.</summary>
/// <param name="Path">Its path; within the pipeline's folder where it is relative, with slashes.</param>
/// <param name="Hash">SHA-256 of its content.</param>
internal sealed record RecordedFile(string Path, string Hash);
