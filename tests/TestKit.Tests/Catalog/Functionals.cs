using Speedup.Modules;
using Speedup.TestKit.Subjects;
using TorchSharp;
using static TorchSharp.torch;

namespace TestKit.Tests.Catalog;

internal static partial class ModuleCatalog
{
    private static void AddFunctionals()
    {
        Binary("Add", () => new Add());
        Binary("Sub", () => new Sub());
        Binary("Mul", () => new Mul());
        // What is divided by must not be zero; that it never is, the handler cannot know: zero over what varies is kept.
        Add(
            "Div",
            kit =>
                kit.Module(
                        () => new Div(),
                        (module, inputs) => [module.call(inputs[0], inputs[1].exp())],
                        new KitInput([2, 6, 4]),
                        new KitInput([2, 6, 4])
                    )
                    .AtLeast(0.85)
        );
        Joined("Cat", () => new Cat(1));
        Joined("Stack", () => new Stack(2));
        Parts("Chunk", () => new Chunk(2, 1));
        Parts("Chunk, shorter at the end", () => new Chunk(3, 1));
        Parts("Split by size", () => new Split(9, 1));
        Parts("Split by sizes", () => new Split([6, 4, 6], 1));
        Image("Slice", () => new Slice(1, 1, 5));
        Image("Slice to the end", () => new Slice(1, 2));
        Image("Slice of positions", () => new Slice(2, 0, -1));
        Add("View", kit => kit.Module(() => new View(-1, 24), 2, 6, 2, 2).OtherSizes([3, 6, 2, 2]));
        Add("Reshape", kit => kit.Module(() => new Reshape(-1, 6, 4), 2, 6, 2, 2).OtherSizes([3, 6, 2, 2]));
        Add("Permute", kit => kit.Module(() => new Permute(0, 2, 3, 1), 2, 6, 4, 4).OnAxis(1, 3).OtherSizes([3, 6, 4, 5]));
        Add("Transpose", kit => kit.Module(() => new Transpose(1, 2), 2, 6, 4).OnAxis(1, 2).OtherSizes([3, 6, 5]));
        Add("Squeeze", kit => kit.Module(() => new Squeeze(2), 2, 6, 1, 4).OtherSizes([3, 6, 1, 5]));
        Add("Unsqueeze", kit => kit.Module(() => new Unsqueeze(2), 2, 6, 4).OtherSizes([3, 6, 5]));
        Image("Mean", () => new Mean([2, 3]));
        Image("Mean, kept axes", () => new Mean([2, 3], keepdim: true));
        Image("Sum", () => new Sum([3]));
        Image("AMax", () => new AMax([2, 3]));
        Image("Interpolate", () => new Interpolate(scaleFactor: [2, 2], mode: InterpolationMode.Bilinear, alignCorners: false));
        Image("Interpolate to a size", () => new Interpolate(size: [3, 7]));
        Image("Pad of positions", () => new Pad([1, 1, 1, 1], PaddingModes.Reflect));
        Image("Pad of channels", () => new Pad([0, 0, 0, 0, 1, 2]));
        // A constant that is not zero adds to every sum of a product, and nothing takes it over.
        Product("MatMul, rows", 1, 2, [2, 6, 4], [2, 4, 5], atLeast: 0.65);
        Product("MatMul, summed axis", 2, 1, [2, 4, 6], [2, 6, 5], atLeast: 0.4);
        // The number of columns of queries and keys is in the scale: all stay.
        Attention("ScaledDotProductAttention", () => new ScaledDotProductAttention(), atLeast: 0.6);
        Attention("ScaledDotProductAttention, causal", () => new ScaledDotProductAttention(isCausal: true), atLeast: 0.6);
    }

    /// <summary>An entry of two inputs that work on each other element by element.</summary>
    private static void Binary(string name, Func<nn.Module<Tensor, Tensor, Tensor>> create, double atLeast = 0.95)
    {
        KitInput input = new([2, 6, 4, 4])
        {
            OtherShapes =
            [
                [3, 6, 5, 2],
            ],
        };
        Add(name, kit => kit.Module(create, (module, inputs) => [module.call(inputs[0], inputs[1])], input, input).AtLeast(atLeast));
    }

    /// <summary>An entry that joins three inputs of six channels.</summary>
    private static void Joined(string name, Func<nn.Module<Tensor[], Tensor>> create, double atLeast = 0.95)
    {
        KitInput input = new([2, 6, 4, 4])
        {
            OtherShapes =
            [
                [3, 6, 5, 2],
            ],
        };
        Add(name, kit => kit.Module(create, (module, inputs) => [module.call(inputs)], input, input, input).AtLeast(atLeast));
    }

    /// <summary>An entry that cuts sixteen channels into parts; each keeps one, which brute force does not know.</summary>
    private static void Parts(string name, Func<nn.Module<Tensor, Tensor[]>> create)
    {
        KitInput input = new([2, 16, 3, 3])
        {
            OtherShapes =
            [
                [3, 16, 2, 4],
            ],
        };
        Add(name, kit => kit.Module(create, (module, inputs) => module.call(inputs[0]), input));
    }

    private static void Product(string name, int leftAxis, int rightAxis, long[] left, long[] right, double atLeast) =>
        Add(
            name,
            kit =>
                kit.Module(
                        () => new MatMul(),
                        (module, inputs) => [module.call(inputs[0], inputs[1])],
                        new KitInput(left)
                        {
                            Axis = leftAxis,
                            OtherShapes =
                            [
                                [3, .. left[1..]],
                            ],
                        },
                        new KitInput(right)
                        {
                            Axis = rightAxis,
                            OtherShapes =
                            [
                                [3, .. right[1..]],
                            ],
                        }
                    )
                    .AtLeast(atLeast)
        );

    /// <summary>Values of six columns; queries and keys of four, whose number is in the scale.</summary>
    private static void Attention(string name, Func<ScaledDotProductAttention> create, double atLeast)
    {
        KitInput keys = new([2, 3, 5, 4])
        {
            Axis = 3,
            OtherShapes =
            [
                [1, 2, 6, 4],
            ],
        };
        KitInput values = new([2, 3, 5, 6])
        {
            Axis = 3,
            OtherShapes =
            [
                [1, 2, 6, 6],
            ],
        };
        Add(
            name,
            kit =>
                kit.Module(create, (module, inputs) => [module.call(inputs[0], inputs[1], inputs[2], null)], keys, keys, values)
                    .AtLeast(atLeast)
        );
    }
}
