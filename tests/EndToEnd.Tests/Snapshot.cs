using System.Security.Cryptography;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Everything of a model that a failed speedup must leave alone, bit for bit.</summary>
internal sealed record Snapshot(string Text)
{
    public static Snapshot Of(nn.Module model)
    {
        using var scope = NewDisposeScope();
        var lines = new List<string>();
        foreach ((string name, nn.Module module) in model.named_modules().Prepend(("", model)))
            lines.Add(
                $"{name}: {module.GetType().Name} #{System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(module)} training={module.training}"
            );
        foreach ((string name, Tensor tensor) in model.state_dict())
        {
            byte[] bytes = tensor.detach().cpu().contiguous().bytes.ToArray();
            string shape = string.Join("x", tensor.shape);
            lines.Add($"{name}: {tensor.dtype} [{shape}] grad={tensor.requires_grad} {Convert.ToHexString(SHA256.HashData(bytes))}");
        }
        return new Snapshot(string.Join('\n', lines));
    }

    /// <summary>Lines that another snapshot has not.</summary>
    public IReadOnlyList<string> Differences(Snapshot other) => [.. other.Text.Split('\n').Except(Text.Split('\n'))];
}
