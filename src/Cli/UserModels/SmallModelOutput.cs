using Speedup.Core.SmallModels;
using Speedup.Persistence;
using static TorchSharp.torch;

namespace Speedup.Cli.UserModels;

/// <summary>Writes a small model, as a whole or its weights.</summary>
internal static class SmallModelOutput
{
    private const string Whole = ".speedup";

    /// <summary>Extensions of what can be written.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [Whole, ".pth", ".pt", ".safetensors"];

    /// <summary>Writes it; the extension says how.</summary>
    /// <returns>The file's length.</returns>
    public static long Save(nn.Module model, string path)
    {
        if (Path.GetExtension(path).Equals(Whole, StringComparison.OrdinalIgnoreCase))
            SmallModel.Save(model, path);
        else
            StateDictFile.Save(model, path);
        return new FileInfo(path).Length;
    }
}
