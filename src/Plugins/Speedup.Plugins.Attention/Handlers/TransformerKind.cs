using Speedup.Modules.Pruned;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>One of TorchSharp's transformer modules, and what it becomes.</summary>
/// <param name="Native">Its type.</param>
/// <param name="Pruned">The type with a width for each layer.</param>
/// <param name="Sequences">Number of sequences that it reads; other inputs are masks.</param>
/// <param name="Call">Calls either type without masks.</param>
/// <param name="CreatePruned">Makes the pruned type of parameters, which it takes over, width of a head and activation.</param>
/// <param name="CreateNative">Makes the native type, with random parameters and without dropout.</param>
internal sealed record TransformerKind(
    Type Native,
    Type Pruned,
    int Sequences,
    Func<nn.Module, Tensor[], Tensor> Call,
    Func<IReadOnlyDictionary<string, Tensor>, int, nn.Activations, nn.Module> CreatePruned,
    Func<TransformerShape, nn.Module> CreateNative
)
{
    private static readonly Tensor None = null!;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TransformerKind> All { get; } =
    [
        new(
            typeof(TransformerEncoderLayer),
            typeof(PrunedTransformerEncoderLayer),
            1,
            (module, x) => ((nn.Module<Tensor, Tensor>)module).call(x[0]),
            (parameters, width, activation) => new PrunedTransformerEncoderLayer(parameters, width, activation),
            shape => shape.CreateEncoderLayer()
        ),
        new(
            typeof(TransformerEncoder),
            typeof(PrunedTransformerEncoder),
            1,
            (module, x) => ((nn.Module<Tensor, Tensor, Tensor, Tensor>)module).call(x[0], None, None),
            (parameters, width, activation) => new PrunedTransformerEncoder(parameters, width, activation),
            shape => shape.CreateEncoder()
        ),
        new(
            typeof(TransformerDecoderLayer),
            typeof(PrunedTransformerDecoderLayer),
            2,
            CallDecoder,
            (parameters, width, activation) => new PrunedTransformerDecoderLayer(parameters, width, activation),
            shape => shape.CreateDecoderLayer()
        ),
        new(
            typeof(TransformerDecoder),
            typeof(PrunedTransformerDecoder),
            2,
            CallDecoder,
            (parameters, width, activation) => new PrunedTransformerDecoder(parameters, width, activation),
            shape => shape.CreateDecoder()
        ),
        new(
            typeof(Transformer),
            typeof(PrunedTransformer),
            2,
            (module, x) => ((nn.Module<Tensor, Tensor, Tensor>)module).call(x[0], x[1]),
            (parameters, width, activation) => new PrunedTransformer(parameters, width, activation),
            shape => shape.CreateTransformer()
        ),
    ];

    /// <summary>The kind of a module of either type.</summary>
    public static TransformerKind Of(nn.Module module) =>
        All.First(kind => kind.Native == module.GetType() || kind.Pruned == module.GetType());

    private static Tensor CallDecoder(nn.Module module, Tensor[] x) =>
        ((nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>)module).call(x[0], x[1], None, None, None, None);
}
