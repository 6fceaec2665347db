using Speedup.Modules.Pruned;
using Speedup.TestKit;
using Speedup.TestKit.Subjects;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Decoding = TorchSharp.torch.nn.Module<
    TorchSharp.torch.Tensor,
    TorchSharp.torch.Tensor,
    TorchSharp.torch.Tensor,
    TorchSharp.torch.Tensor,
    TorchSharp.torch.Tensor,
    TorchSharp.torch.Tensor,
    TorchSharp.torch.Tensor
>;
using Encoding = TorchSharp.torch.nn.Module<
    TorchSharp.torch.Tensor,
    TorchSharp.torch.Tensor,
    TorchSharp.torch.Tensor,
    TorchSharp.torch.Tensor
>;

namespace TestKit.Tests.Catalog;

internal static partial class ModuleCatalog
{
    private const int Width = 6;
    private const int HiddenUnits = 8;
    private const int HeadWidth = 2;
    private const int HeadCount = Width / HeadWidth;

    /// <summary>
    /// Share of the cases in which a transformer loses hidden units or heads: two of three masks prune inside. Its width stays, since each
    /// normalisation reads all of it.
    /// </summary>
    private const double Smaller = 0.6;
    private static readonly nn.Activations Gelu = nn.Activations.GELU;

    private static void AddLayers()
    {
        Add("Bilinear", kit => Pair(kit, hasBias: true));
        Add("Bilinear without bias", kit => Pair(kit, hasBias: false));
        foreach (EmbeddingBagMode mode in Enum.GetValues<EmbeddingBagMode>())
            Add($"EmbeddingBag, {mode}", kit => Bag(kit, mode));
        AddEncoders();
        AddDecoders();
    }

    private static void AddEncoders()
    {
        Encoder("TransformerEncoderLayer", () => nn.TransformerEncoderLayer(Width, HeadCount, HiddenUnits));
        Encoder(
            "PrunedTransformerEncoderLayer",
            () => new PrunedTransformerEncoderLayer(new TransformerParameters(Width, Width - 2, HiddenUnits).AddEncoder("").All, 2, Gelu)
        );
        Encoders(
            "TransformerEncoder",
            () =>
            {
                using TransformerEncoderLayer layer = nn.TransformerEncoderLayer(Width, HeadCount, HiddenUnits, activation: Gelu);
                return nn.TransformerEncoder(layer, 2);
            }
        );
        Encoders(
            "PrunedTransformerEncoder",
            () =>
            {
                TransformerParameters parameters = new(Width, Width - 2, HiddenUnits);
                return new PrunedTransformerEncoder(parameters.AddEncoder("layers.0.").AddEncoder("layers.1.").All, HeadWidth, Gelu);
            }
        );
    }

    private static void AddDecoders()
    {
        Decoder("TransformerDecoderLayer", () => nn.TransformerDecoderLayer(Width, HeadCount, HiddenUnits));
        Decoder(
            "PrunedTransformerDecoderLayer",
            () =>
                new PrunedTransformerDecoderLayer(
                    new TransformerParameters(Width, HeadWidth, HiddenUnits).AddDecoder("").All,
                    HeadWidth,
                    Gelu
                )
        );
        Decoder(
            "TransformerDecoder",
            () =>
            {
                using TransformerDecoderLayer layer = nn.TransformerDecoderLayer(Width, HeadCount, HiddenUnits, activation: Gelu);
                return nn.TransformerDecoder(layer, 2);
            }
        );
        Decoder(
            "PrunedTransformerDecoder",
            () =>
            {
                TransformerParameters parameters = new(Width, Width, HiddenUnits);
                return new PrunedTransformerDecoder(parameters.AddDecoder("layers.0.").All, HeadWidth, Gelu);
            }
        );
        Whole("Transformer", () => nn.Transformer(Width, HeadCount, 1, 1, HiddenUnits));
        Whole(
            "PrunedTransformer",
            () =>
            {
                TransformerParameters parameters = new TransformerParameters(Width, Width - 2, HiddenUnits)
                    .AddEncoder("encoder.layers.0.")
                    .AddNorm("encoder.norm")
                    .AddDecoder("decoder.layers.0.")
                    .AddNorm("decoder.norm");
                return new PrunedTransformer(parameters.All, HeadWidth, Gelu);
            }
        );
    }

    private static KitSubject Pair(PluginKit kit, bool hasBias) =>
        kit.Module(
            () => nn.Bilinear(Width, 5, 4, hasBias),
            (module, inputs) => [module.call(inputs[0], inputs[1])],
            new KitInput([3, Width])
            {
                OtherShapes =
                [
                    [7, Width],
                ],
            },
            new KitInput([3, 5])
            {
                OtherShapes =
                [
                    [7, 5],
                ],
            }
        );

    private static KitSubject Bag(PluginKit kit, EmbeddingBagMode mode) =>
        kit.Module(
            () => nn.EmbeddingBag(9, Width, mode: mode),
            (module, inputs) => [module.call(inputs[0])],
            new KitInput([4, 5])
            {
                IndexLimit = 9,
                OtherShapes =
                [
                    [6, 3],
                ],
            }
        );

    private static void Encoder(string name, Func<nn.Module<Tensor, Tensor>> create) =>
        Add(name, kit => kit.Module(create, (module, inputs) => [module.call(inputs[0])], Sequence(4, 5)).AtLeast(0, Smaller));

    private static void Encoders(string name, Func<Encoding> create) =>
        Add(
            name,
            kit => kit.Module(create, (module, inputs) => [module.call(inputs[0], null!, null!)], Sequence(4, 5)).AtLeast(0, Smaller)
        );

    private static void Decoder(string name, Func<Decoding> create) =>
        Add(
            name,
            kit =>
                kit.Module(
                        create,
                        (module, inputs) => [module.call(inputs[0], inputs[1], null!, null!, null!, null!)],
                        Sequence(4, 5),
                        Sequence(3, 7)
                    )
                    .AtLeast(0, Smaller)
        );

    private static void Whole(string name, Func<nn.Module<Tensor, Tensor, Tensor>> create) =>
        Add(
            name,
            kit =>
                kit.Module(create, (module, inputs) => [module.call(inputs[0], inputs[1])], Sequence(4, 5), Sequence(3, 7))
                    .AtLeast(0, Smaller)
        );

    /// <summary>A sequence of one length and, at another size, another; the width of a transformer stays, so that little can go around it.</summary>
    private static KitInput Sequence(long length, long other) =>
        new([length, 2, Width])
        {
            Axis = 2,
            OtherShapes =
            [
                [other, 3, Width],
            ],
        };
}
