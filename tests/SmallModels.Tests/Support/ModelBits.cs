using System.Security.Cryptography;
using static TorchSharp.torch;

namespace SmallModels.Tests.Support;

/// <summary>What a model is: its modules by object and class, its tensors by object and bits.</summary>
internal sealed record ModelBits(string Text)
{
    public static ModelBits Of(nn.Module model)
    {
        IEnumerable<string> modules = model
            .named_modules()
            .Select(own => $"{own.name} {own.module.GetType()} {Identity(own.module)} {own.module.training}");
        IEnumerable<string> tensors = model
            .named_parameters()
            .Select(own => (own.name, Tensor: (Tensor)own.parameter))
            .Concat(model.named_buffers().Select(own => (own.name, Tensor: own.buffer)))
            .Select(own =>
                $"{own.name} {own.Tensor.requires_grad} {own.Tensor} {Convert.ToHexString(SHA256.HashData(own.Tensor.detach().contiguous().bytes))}"
            );
        return new ModelBits(string.Join('\n', modules.Concat(tensors)));
    }

    /// <summary>Whether outputs are the same bits.</summary>
    public static bool AreEqual(IReadOnlyList<Tensor> first, IReadOnlyList<Tensor> second) =>
        first.Count == second.Count
        && first
            .Zip(second)
            .All(pair => pair.First.shape.SequenceEqual(pair.Second.shape) && pair.First.bytes.SequenceEqual(pair.Second.bytes));

    private static int Identity(object value) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value);
}
