using static TorchSharp.torch;

namespace TestKit.Tests.Catalog;

internal static partial class ModuleCatalog
{
    private static void AddRearrangements()
    {
        Add("Flatten", kit => kit.Module(() => nn.Flatten(), 2, 6, 2, 2).OtherSizes([3, 6, 2, 2]));
        Add("Unflatten", kit => kit.Module(() => nn.Unflatten(1, [6, 2]), 3, 12).OtherSizes([5, 12]).InBlocks(2));
        // The groups must still take turns: rows of the output with a channel of each group go whole, or not always, but more than these.
        Add("ChannelShuffle", kit => kit.Module(() => nn.ChannelShuffle(2), 2, 6, 2, 3).OtherSizes([3, 6, 3, 2]).InBlocks(1, 2));
        Add("PixelShuffle", kit => kit.Module(() => nn.PixelShuffle(2), 2, 16, 2, 3).OtherSizes([1, 16, 3, 2]).InBlocks(4));
        Add("PixelUnshuffle", kit => kit.Module(() => nn.PixelUnshuffle(2), 2, 5, 2, 2).OtherSizes([1, 5, 4, 2]).InBlocks(1, 4));
        Add("Unfold", kit => kit.Module(() => nn.Unfold((2, 2)), 2, 5, 3, 4).OtherSizes([1, 5, 4, 3]).OnAxis(1, 1).InBlocks(1, 4));
        Add(
            "Unfold, padded",
            kit => kit.Module(() => nn.Unfold(2, padding: 1, stride: 2), 2, 5, 2, 4).OtherSizes([1, 5, 4, 4]).OnAxis(1, 1).InBlocks(1, 4)
        );
        Add("Fold", kit => kit.Module(() => nn.Fold((3, 2), (2, 2)), 2, 20, 2).OtherSizes([3, 20, 2]).OnAxis(1, 1).InBlocks(4));
    }
}
