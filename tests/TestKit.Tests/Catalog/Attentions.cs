using Speedup.Modules.Pruned;
using Speedup.TestKit.Subjects;
using static TorchSharp.torch;

namespace TestKit.Tests.Catalog;

internal static partial class ModuleCatalog
{
    private static void AddAttentions()
    {
        // Heads go, which are inside: widths of inputs and output stay.
        Attention("MultiheadAttention", () => nn.MultiheadAttention(4, 4), shrunk: 0.55);
        Attention("MultiheadAttention, wide heads without biases", () => nn.MultiheadAttention(4, 2, bias: false), shrunk: 0.3);
        Attention(
            "MultiheadAttention, other keys and values",
            () => nn.MultiheadAttention(4, 4, kdim: 5, vdim: 5),
            shrunk: 0.55,
            keyWidth: 5
        );
        Attention("PrunedMultiheadAttention", CreatePruned, shrunk: 0.3);
        Add(
            "Embedding",
            kit =>
                kit.Module(
                        () => nn.Embedding(7, 6),
                        (module, inputs) => [module.call(inputs[0])],
                        new KitInput([2, 3])
                        {
                            OtherShapes =
                            [
                                [1, 5],
                            ],
                            IndexLimit = 7,
                        }
                    )
                    .OnAxis(1, -1)
        );
        // Of two constants the cosine is 1 or -1, which nothing is made of.
        Pair("CosineSimilarity of positions", () => nn.CosineSimilarity(2), 0.9);
        // What is summed over can go only where it is zero in both inputs.
        Add(
            "CosineSimilarity of features",
            kit => kit.Module(() => nn.CosineSimilarity(1), (m, x) => [m.call(x[0], x[1])], Features, Features).AtLeast(0.01)
        );
        Pair("PairwiseDistance of positions", () => nn.PairwiseDistance());
        Add(
            "PairwiseDistance of features",
            kit => kit.Module(() => nn.PairwiseDistance(eps: 0), (m, x) => [m.call(x[0], x[1])], Features, Features).AtLeast(0.01)
        );
    }

    private static readonly KitInput Features = new([2, 6]);

    private static readonly KitInput Positions = new([2, 6, 4])
    {
        OtherShapes =
        [
            [3, 6, 5],
        ],
    };

    private static void Attention(string name, Func<nn.Module> create, double shrunk, long keyWidth = 4) =>
        Add(
            name,
            kit =>
                kit.Module(create, (module, x) => [Attend(module, x)], Tokens(4), Tokens(keyWidth), Tokens(keyWidth))
                    .OnAxis(-1, -1)
                    .AtLeast(0, shrunk)
        );

    private static KitInput Tokens(long width) =>
        new([3, 2, width])
        {
            OtherShapes =
            [
                [5, 1, width],
            ],
        };

    private static Tensor Attend(nn.Module module, Tensor[] x) =>
        ((nn.Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor>>)module)
            .call(x[0], x[1], x[2], null, true, null)
            .Item1;

    private static void Pair(string name, Func<nn.Module<Tensor, Tensor, Tensor>> create, double atLeast = 0.95) =>
        Add(name, kit => kit.Module(create, (module, x) => [module.call(x[0], x[1])], Positions, Positions).AtLeast(atLeast));

    private static PrunedMultiheadAttention CreatePruned() => new(3, 2, rand(6, 4), rand(6, 4), rand(6, 4), rand(18), rand(4, 6), rand(4));
}
